"""``zhengming application``: reviewing without a browser, by the same rules: whoever decides is a reviewer of the place and level."""

import argparse
import asyncio
import json
import sys
from collections.abc import Iterator
from typing import Any

from registry.cli.command import Command, configuration, open_database
from registry.flows.act import Act, Caller
from registry.flows.review.decide import DecideApplication, decide_application
from registry.flows.review.queue import Queue, read_queue
from registry.flows.runner import Runner
from registry.flows.session.accounts import person_of
from registry.kernel.clock import SystemClock
from registry.kernel.names import to_u
from registry.model.application import STAGE_WORDS, Move, Stage


def _by(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--by", required=True, metavar="USER", help="审核员的用户名 / user name of the reviewer")
    parser.add_argument("--json", action="store_true", help="输出 JSON / print JSON")


def _list_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--after", default="", metavar="CURSOR", help="上一页给出的位置 / where the page before ended")
    _by(parser)


def _list(args: argparse.Namespace) -> int:
    queue: Queue = asyncio.run(_run(args, args.by, _reading(args.after)))
    if args.json:
        lines = [
            {
                "id": one.line.id,
                "kind": one.line.kind,
                "name": one.line.name,
                "unicode": _shown(one.line.name),
                "uscc": one.line.uscc,
                "body": one.line.body,
                "region": one.line.region,
                "level": one.line.level,
                "stage": one.stage.value,
                "working_days": one.days,
                "is_overdue": one.is_overdue,
            }
            for one in queue.lines
        ]
        _print({"applications": lines, "after": queue.after})
        return 0
    sys.stdout.write("\n".join(_lines(queue)) + "\n")
    return 0


def _lines(queue: Queue) -> Iterator[str]:
    if not queue.lines:
        yield "没有等待办理的申请 / nothing waits"
    for one in queue.lines:
        due = "，超期 / overdue" if one.is_overdue else ""
        yield f"{one.line.id}  {_shown(one.line.name)}  {one.line.body or one.line.uscc}"
        yield f"  {STAGE_WORDS[one.stage]}；{one.days} 个工作日 / working days{due}"
    if queue.after:
        yield f"--after {queue.after}"


def _decide_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="申请编号 / id of the application")
    parser.add_argument("--reason", default="", metavar="TEXT", help="理由，驳回必填 / reason, needed for a refusal")
    _by(parser)


def _approve(args: argparse.Namespace) -> int:
    return _decide(args, Move.APPROVE)


def _refuse(args: argparse.Namespace) -> int:
    return _decide(args, Move.REFUSE)


def _decide(args: argparse.Namespace, move: Move) -> int:
    order = DecideApplication(args.id, move, args.reason)

    async def decide(act: Act) -> Stage:
        return await decide_application(act, await person_of(act, args.by), order)

    stage: Stage = asyncio.run(_run(args, args.by, decide))
    if args.json:
        _print({"id": args.id, "stage": stage.value})
    else:
        sys.stdout.write(f"{args.id}  {STAGE_WORDS[stage]}\n")
    return 0


def _reading(after: str) -> Any:
    async def read(act: Act) -> Queue:
        return await read_queue(act, await person_of(act, act.caller.id), after=after)

    return read


async def _run(args: argparse.Namespace, username: str, flow: Any) -> Any:
    config = configuration(args)
    async with open_database(config) as db:
        return await Runner(db, SystemClock(), config).run(Caller("person", username), flow)


def _shown(name: str) -> str:
    try:
        return to_u(name)
    except ValueError:
        return name


def _print(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")


LIST = Command(("application", "list"), "列出待审核的申请 / applications that wait", _list_arguments, _list)
APPROVE = Command(("application", "approve"), "同意申请 / approve an application", _decide_arguments, _approve)
REFUSE = Command(("application", "refuse"), "驳回申请 / refuse an application", _decide_arguments, _refuse)
