"""``zhengming body``: what becomes of the names of bodies that changed, decided without a browser, by the same rules."""

import argparse
import asyncio
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from registry.cli.acting import act_as, add_by
from registry.cli.command import Command
from registry.flows.act import Act
from registry.flows.body_task.approve import ApproveDecision, approve_decision
from registry.flows.body_task.choice import Choice, choice_from, read_choice
from registry.flows.body_task.override import OverrideDecision, override_decision
from registry.flows.body_task.propose import ProposeDecision, propose_decision
from registry.flows.body_task.read import TaskCard, list_tasks, read_task
from registry.flows.body_task.words import CHOICE_WORDS, choice_words
from registry.kernel.clock import BEIJING
from registry.kernel.errors import Reason, Refusal
from registry.kernel.names import map_people, to_a, to_u
from registry.model.body_task import Wanted
from registry.model.person import Person
from registry.store.body_tasks import Task

_STATES = {"open": "待决定 / open", "settled": "已决定 / decided", "withdrawn": "无须决定 / moot"}


def _json(parser: argparse.ArgumentParser) -> None:
    add_by(parser)
    parser.add_argument("--json", action="store_true", help="输出 JSON / print JSON")


def _list_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--state", choices=("open", "settled"), default="open", help="待决定或已办结 / open or closed")
    parser.add_argument(
        "--step", choices=("first", "second", "late"), default="", help="环节：待提出、待复核、超期 / first or second opinion, overdue"
    )  # fmt: skip
    parser.add_argument(
        "--event", default="", metavar="EVENT", help="renamed merged split abolished cancelled suspended"
    )
    parser.add_argument("--region", default="", metavar="CODE", help="区划代码开头 / beginning of the region's code")
    _json(parser)


def _tasks(args: argparse.Namespace) -> int:
    wanted = Wanted(args.state, args.event, args.step, args.region)

    async def read(act: Act, person: Person) -> list[Task]:
        return await list_tasks(act, person, wanted)

    tasks: list[Task] = asyncio.run(act_as(args, read))
    if args.json:
        _print({"tasks": [_plain(asdict(one)) for one in tasks]})
    else:
        sys.stdout.write("\n".join(_lines(tasks)) + "\n")
    return 0


def _lines(tasks: list[Task]) -> Iterator[str]:
    if not tasks:
        yield "没有机构变动事项 / nothing here"
    for one in tasks:
        opinion = "，待复核 / second opinion" if one.state == "open" and one.proposed_by else ""
        yield f"{one.id}  {one.detail['name'][0]} {one.event}  {_STATES[one.state]}{opinion}"
        yield f"  {one.uscc}；{'、'.join(name['unicode'] for name in one.names)}；{_day(one.due_at)}"


def _task_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("task", type=int, metavar="TASK", help="事项编号 / number of the task")
    _json(parser)


def _show(args: argparse.Namespace) -> int:
    _report(args, asyncio.run(act_as(args, _reading(args.task))))
    return 0


def _reading(task: int) -> Any:
    async def read(act: Act, person: Person) -> TaskCard:
        return await read_task(act, person, task)

    return read


def _report(args: argparse.Namespace, card: TaskCard) -> None:
    if args.json:
        _print({**_plain(asdict(card.task)), "steps": [_plain(asdict(one)) for one in card.steps]})
    else:
        sys.stdout.write("\n".join(_card_lines(card)) + "\n")


def _card_lines(card: TaskCard) -> Iterator[str]:
    task = card.task
    before, after = task.detail["name"]
    yield f"{task.id}  {before}{f' → {after}' if after != before else ''}  {task.event}  {_STATES[task.state]}"
    yield f"  {task.uscc}；期限 / due {_day(task.due_at)}"
    for heir in card.heirs:
        yield f"  → {heir.uscc} {heir.name}{'' if heir.alive else '（不存续 / ended）'}"
    chosen = (task.decision if task.state == "settled" else task.proposal).get("choices", {})
    heirs = {heir.uscc: heir.name for heir in card.heirs}
    for name in task.names:
        said = choice_words(choice_from(chosen[name["name"]]), heirs) if name["name"] in chosen else None
        yield f"  {name['unicode']}{f'：{said.zh} / {said.en}' if said else ''}"
    if task.state == "open" and task.proposed_at:
        yield f"  意见 / proposal: {task.proposed_by.removeprefix('person:')}：{task.proposal['reason']}"
        yield f"  --seen {task.proposed_at.isoformat()}"
    for step in card.steps:
        when = _day(step.done_at) if step.done_at else f"将于 / on {_day(step.due_at)}"
        yield f"  {to_u(step.name)} {CHOICE_WORDS[step.choice].zh} {when} {step.outcome}".rstrip()


def _choose_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("task", type=int, metavar="TASK", help="事项编号 / number of the task")
    parser.add_argument(
        "--choice", action="append", default=[], metavar="NAME=WHAT",
        help="名称=keep、follow:代码、hold 或 retire，可加 @最后使用日 / name=keep, follow:CODE, hold or retire, perhaps @LAST-DAY",
    )  # fmt: skip
    parser.add_argument("--reason", default="", metavar="TEXT", help="理由，必填 / reason, needed")
    _json(parser)


def _choices(given: list[str]) -> dict[str, Choice]:
    """``NAME=WHAT[@DAY]`` by A-label. Refuses with VALUE_INVALID what is not of that form."""
    found = {}
    for text in given:
        name, _, rest = text.rpartition("=")
        what, _, until = rest.partition("@")
        kind, _, holder = what.partition(":")
        try:
            key = to_a(map_people(name).text)
        except ValueError:
            zh, en = "请写作 名称=选择", "write NAME=WHAT"
            raise Refusal(Reason.VALUE_INVALID, zh, en, where="choice", value=text[:200]) from None
        found[key] = read_choice(kind, holder, until)
    return found


def _propose(args: argparse.Namespace) -> int:
    order = ProposeDecision(args.task, _choices(args.choice), args.reason)

    async def propose(act: Act, person: Person) -> TaskCard:
        await propose_decision(act, person, order)
        return await read_task(act, person, args.task)

    _report(args, asyncio.run(act_as(args, propose)))
    return 0


def _approve_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("task", type=int, metavar="TASK", help="事项编号 / number of the task")
    parser.add_argument(
        "--seen", required=True, metavar="INSTANT", help="所看到的意见的时间，见 body task / the proposal that you read, as body task shows it"
    )  # fmt: skip
    _json(parser)


def _approve(args: argparse.Namespace) -> int:
    async def approve(act: Act, person: Person) -> TaskCard:
        await approve_decision(act, person, ApproveDecision(args.task, args.seen))
        return await read_task(act, person, args.task)

    _report(args, asyncio.run(act_as(args, approve)))
    return 0


def _override(args: argparse.Namespace) -> int:
    order = OverrideDecision(args.task, _choices(args.choice), args.reason)

    async def decide(act: Act, person: Person) -> TaskCard:
        await override_decision(act, person, order)
        return await read_task(act, person, args.task)

    _report(args, asyncio.run(act_as(args, decide)))
    return 0


def _day(at: datetime) -> str:
    return at.astimezone(BEIJING).date().isoformat()


def _plain(value: Any) -> Any:
    """What JSON can say: instants and days as text."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, datetime | date) else value


def _print(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")


TASKS = Command(("body", "tasks"), "列出机构变动事项 / bodies that changed", _list_arguments, _tasks)
SHOW = Command(("body", "task"), "查看一项机构变动 / one of them", _task_arguments, _show)
PROPOSE = Command(("body", "propose"), "提出对名称的意见 / say what becomes of the names", _choose_arguments, _propose)
APPROVE = Command(("body", "approve"), "复核同意并决定 / agree and decide", _approve_arguments, _approve)
OVERRIDE = Command(("body", "override"), "管理员独自决定 / decide alone, as an operator", _choose_arguments, _override)
