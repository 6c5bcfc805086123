"""``zhengming compare``: the register beside those of other departments, from loading a file to the last correction."""

import argparse
import asyncio
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from registry.cli.command import Command, configuration, open_database
from registry.cli.progress import WIDTH
from registry.establishment.comparison.laying import Step, Watch
from registry.flows.act import Act, Caller
from registry.flows.comparison.corrections import TASK_STATES, apply_correction, close_correction, list_corrections
from registry.flows.comparison.load_comparison import LoadComparison, Loaded, load_comparison, open_file
from registry.flows.comparison.settle_finding import SettleFinding, settle_finding
from registry.flows.comparison.show import Filters, Findings, Standing, list_comparisons, read_findings, read_rejections
from registry.flows.comparison.spreadsheet import export_findings
from registry.flows.comparison.words import FIELD_WORDS, KIND_WORDS, STATE_WORDS
from registry.flows.runner import Runner
from registry.flows.session.accounts import person_of
from registry.kernel.clock import SystemClock
from registry.model.comparison import DEPARTMENT_WORDS, FIELDS, Department, Kind
from registry.model.person import Person, Role

OPERATOR = Person("cli", Role.OPERATOR)  # whoever has the data directory; he sees all and settles nothing
STAGES = {"reading": "读取 / reading", "matching": "对应 / matching", "comparing": "比较 / comparing"}


def _by(parser: argparse.ArgumentParser, *, required: bool = False) -> None:
    zh = "审核员的用户名" if required else "以该审核员的身份；缺省为系统管理员"
    parser.add_argument("--by", default="", required=required, metavar="USER", help=f"{zh} / user name of the reviewer")
    parser.add_argument("--json", action="store_true", help="输出 JSON / print JSON")


def _number(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", metavar="N", help="比对编号，见 compare list / number of the comparison")


async def _person(runner: Runner, username: str) -> tuple[Caller, Person]:
    if not username:
        return Caller("operator", "cli"), OPERATOR
    caller = Caller("person", username)
    return caller, await runner.read(caller, lambda act: person_of(act, username))


def _run(args: argparse.Namespace, work: Any) -> Any:
    async def inside() -> Any:
        config = configuration(args)
        async with open_database(config) as db:
            runner = Runner(db, SystemClock(), config)
            return await work(runner, *await _person(runner, args.by))

    return asyncio.run(inside())


def _print(answer: Any) -> None:
    sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")


def _load_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="CSV、XLSX 或 JSON 行 / CSV, XLSX or JSON lines")
    choices = [one.value for one in Department]
    words = "，".join(f"{one.value} {DEPARTMENT_WORDS[one].zh}" for one in Department)
    parser.add_argument("--department", required=True, choices=choices, help=f"来源部门：{words} / whose file")
    parser.add_argument(
        "--area",
        default="",
        metavar="DIGITS",
        help="只比对这些地区（区划代码前 2、4、6 位）/ first digits of the regions",
    )
    parser.add_argument(
        "--partial", action="store_true", help="文件不是全量：不列“仅本库有” / not complete: nothing is missing there"
    )
    _by(parser)


def _load(args: argparse.Namespace) -> int:
    department = Department(args.department)
    source = open_file(args.file, department)

    async def work(runner: Runner, caller: Caller, person: Person) -> Loaded:
        with _watching(source.name) as watch:
            order = LoadComparison(source, department, args.area, not args.partial, watch)
            return await runner.run(caller, lambda act: load_comparison(act, person, order))

    loaded: Loaded = _run(args, work)
    if not args.json:
        for row in loaded.laid.rejections[:10_000]:
            sys.stdout.write(f"{row}\n")
    counts = {f"{one.kind}.{one.state}": one.many for one in loaded.figures if not one.field}
    _print(
        {
            "comparison": loaded.laid.comparison,
            "rows": loaded.laid.rows,
            "rejected": loaded.laid.rejected,
            **dict(sorted(counts.items())),
        }
    )
    return 0


@contextmanager
def _watching(name: str) -> Iterator[Watch]:
    """A bar on a terminal; silence everywhere else."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    try:
        yield lambda step: print(f"\r\x1b[K{bar(name, step)}", end="", file=sys.stderr, flush=True)  # noqa: T201 - the bar
    finally:
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)  # noqa: T201 - wipe it


def bar(name: str, step: Step) -> str:
    """One line: what is done, how far."""
    if not step.total:
        return f"{name} {STAGES[step.stage]} {step.done:,} 行 / rows"
    share = min(1.0, step.done / step.total)
    done = round(share * WIDTH)
    return f"{name} {STAGES[step.stage]} [{'█' * done}{'·' * (WIDTH - done)}] {share:4.0%} {step.done:,}"


def _list_arguments(parser: argparse.ArgumentParser) -> None:
    _by(parser)


def _list(args: argparse.Namespace) -> int:
    async def work(runner: Runner, caller: Caller, person: Person) -> list[Standing]:
        return await runner.read(caller, lambda act: list_comparisons(act, person))

    for one in _run(args, work):
        if args.json:
            _print(_standing(one))
        else:
            about = one.comparison
            words = DEPARTMENT_WORDS[Department(about.department)].zh
            sys.stdout.write(f"{about.id}  {about.at:%Y-%m-%d}  {words}  {about.area or '全国'}  {about.source}\n")
            sys.stdout.write("   " + "  ".join(f"{KIND_WORDS[kind].zh} {one.many(kind):,}" for kind in Kind) + "\n")
    return 0


def _standing(one: Standing) -> dict[str, Any]:
    about = one.comparison
    return {
        "comparison": about.id, "department": about.department, "area": about.area, "source": about.source, "at": about.at.isoformat(),
        "by": about.loaded_by, "rows": about.rows, "rejected": about.rejected, "complete": about.complete, "waiting": one.waiting,
        "found": {kind.value: one.many(kind) for kind in Kind}, "fields": {field: one.differing(field) for field in FIELDS},
    }  # fmt: skip


def _show_arguments(parser: argparse.ArgumentParser) -> None:
    _number(parser)
    parser.add_argument(
        "--kind", default=Kind.DIFFERENT.value, choices=[one.value for one in Kind], help="哪一类结果 / which findings"
    )
    parser.add_argument("--state", default="", choices=["", *STATE_WORDS], help="状态 / state")
    parser.add_argument(
        "--field", default="", choices=["", *FIELDS], help="某字段有差异 / with a difference in this field"
    )
    parser.add_argument("--after", default="", metavar="CURSOR", help="上一页给出的位置 / where the page before ended")
    parser.add_argument("--rejected", action="store_true", help="只列未被接收的行 / the rows that were not taken")
    _by(parser)


def _show(args: argparse.Namespace) -> int:
    async def refused(runner: Runner, caller: Caller, person: Person) -> Any:
        return await runner.read(caller, lambda act: read_rejections(act, person, args.number))

    async def work(runner: Runner, caller: Caller, person: Person) -> Findings:
        filters = Filters(args.kind, args.state, args.field, args.after)
        return await runner.read(caller, lambda act: read_findings(act, person, args.number, filters))

    if args.rejected:
        for line, code, problems in _run(args, refused):
            _print({"line": line, "code": code, "problems": problems})
        return 0
    found: Findings = _run(args, work)
    if args.json:
        _print({**_standing(found.standing), "findings": [_finding(one) for one in found.lines], "after": found.after})
        return 0
    for one in found.lines:
        sys.stdout.write(f"{one.id}  {KIND_WORDS[one.kind].zh}  {STATE_WORDS[one.state].zh}  {one.uscc or one.their_code}  "
                         f"{one.our_name or one.their_name}\n")  # fmt: skip
        for field, (ours, theirs) in one.differences.items():
            sys.stdout.write(f"   {FIELD_WORDS[field]}: {ours} ↔ {theirs}\n")
        for candidate in one.candidates:
            sys.stdout.write(f"   ? {candidate['uscc']} {candidate['score']:.2f}\n")
    if found.after:
        sys.stdout.write(f"--after {found.after}\n")
    return 0


def _finding(one: Any) -> dict[str, Any]:
    return {
        "id": one.id, "kind": one.kind, "state": one.state, "line": one.line, "uscc": one.uscc, "name": one.our_name, "their_code": one.their_code,
        "their_name": one.their_name, "how": one.how, "score": round(one.score, 4), "parts": one.parts, "region": one.region, "level": one.level,
        "differences": one.differences, "candidates": one.candidates,
    }  # fmt: skip


def _settle_arguments(parser: argparse.ArgumentParser) -> None:
    _number(parser)
    parser.add_argument("finding", metavar="ID", help="结果编号 / number of the finding")
    parser.add_argument("--verdict", action="append", required=True, metavar="[FIELD=]V",
                        help="ours、theirs、both、postponed、linked、separate；可逐字段给出 / one for all, or one a field")  # fmt: skip
    parser.add_argument("--remark", default="", metavar="TEXT", help="依据 / why")
    parser.add_argument("--body", default="", metavar="USCC", help="对应到哪个机构 / which body is meant")
    _by(parser, required=True)


def _settle(args: argparse.Namespace) -> int:
    verdicts = {}
    for given in args.verdict:
        field, separator, verdict = given.rpartition("=")
        verdicts[field if separator else ""] = verdict
    order = SettleFinding(args.number, args.finding, verdicts, args.remark, args.body)

    async def work(runner: Runner, caller: Caller, person: Person) -> Any:
        return await runner.run(caller, lambda act: settle_finding(act, person, order))

    found, task = _run(args, work)
    _print({"finding": found.id, "kind": found.kind, "state": found.state, "task": task.id if task else None})
    return 0


def _export_arguments(parser: argparse.ArgumentParser) -> None:
    _number(parser)
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="写到 / file to write")
    parser.add_argument(
        "--kind", default="", choices=["", *(one.value for one in Kind)], help="哪一类结果，缺省为全部 / which findings"
    )
    _by(parser)


def _export(args: argparse.Namespace) -> int:
    async def work(runner: Runner, caller: Caller, person: Person) -> int:
        written = 0
        with args.out.open("wb") as file:
            async for piece in export_findings(runner, caller, person, args.number, args.kind):
                written += file.write(piece)
        return written

    _print({"written": _run(args, work), "file": str(args.out)})
    return 0


def _tasks_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--state", default="open", choices=TASK_STATES, help="状态 / state")
    parser.add_argument("--after", default="", metavar="CURSOR", help="上一页给出的位置 / where the page before ended")
    _by(parser)


def _tasks(args: argparse.Namespace) -> int:
    async def work(runner: Runner, caller: Caller, person: Person) -> Any:
        return await runner.read(caller, lambda act: list_corrections(act, person, args.state, args.after))

    found = _run(args, work)
    for one in found.tasks:
        _print({
            "task": one.id, "kind": one.kind, "state": one.state, "centre": one.centre, "uscc": one.uscc, "name": one.name, "asked": one.asked,
            "remark": one.remark, "due": one.due_at.isoformat(), "department": one.department,
        })  # fmt: skip
    if found.after:
        _print({"after": found.after})
    return 0


def _correct_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("task", metavar="TASK", help="任务编号，见 compare tasks / number of the task")
    other = parser.add_mutually_exclusive_group()
    other.add_argument("--done", default="", metavar="TEXT", help="已另行办理及说明 / it was done otherwise, and how")
    other.add_argument("--decline", default="", metavar="TEXT", help="不予更正的理由 / why not")
    _by(parser, required=True)


def _correct(args: argparse.Namespace) -> int:
    outcome, reason = ("applied", args.done) if args.done else ("declined", args.decline)

    async def work(runner: Runner, caller: Caller, person: Person) -> dict[str, Any]:
        if not reason:
            report = await apply_correction(runner, person, args.task)
            return {"task": args.task, "state": "applied", "run": report.run, **report.counts()}
        await runner.run(caller, partial(_close, person=person, task=args.task, outcome=outcome, reason=reason))
        return {"task": args.task, "state": outcome}

    _print(_run(args, work))
    return 0


async def _close(act: Act, *, person: Person, task: str, outcome: str, reason: str) -> object:
    return await close_correction(act, person, task, outcome, reason)


LOAD = Command(("compare", "load"), "与其他部门的数据比对 / compare with another department", _load_arguments, _load)
LIST = Command(("compare", "list"), "历次比对 / list comparisons", _list_arguments, _list)
SHOW = Command(("compare", "show"), "比对结果 / what a comparison found", _show_arguments, _show)
SETTLE = Command(("compare", "settle"), "核定一项结果 / settle a finding", _settle_arguments, _settle)
EXPORT = Command(("compare", "export"), "导出为 CSV / export as CSV", _export_arguments, _export)
TASKS = Command(("compare", "tasks"), "更正任务 / corrections that are asked for", _tasks_arguments, _tasks)
CORRECT = Command(("compare", "correct"), "办理更正任务 / answer a correction", _correct_arguments, _correct)
