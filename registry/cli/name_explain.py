"""``zhengming name explain``: a kept decision in full, and what the same question gets today."""

import argparse
import asyncio
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from registry.cli.command import Command, configuration, open_database
from registry.cli.name import SAID
from registry.cli.registrar import OPERATOR
from registry.flows.naming.explain import SAME, Basis, Explanation, explain_decision
from registry.flows.runner import Runner
from registry.kernel.clock import BEIJING, SystemClock

PARTS = {
    "name": "名称 / name",
    "a_label": "编码 / A-label",
    "decision": "结论 / decision",
    "bundle": "同组写法 / bundle",
    "suggestions": "建议 / suggestions",
    "policy_version": "政策版本 / policy version",
    "data_run": "数据版本 / data version",
    "list_version": "名单版本 / list version",
}


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", type=int, metavar="DECISION", help="决定编号 / number of the decision")
    parser.add_argument("--json", action="store_true", help="输出 JSON / print JSON")


def _run(args: argparse.Namespace) -> int:
    found = asyncio.run(_explain(args))
    if args.json:
        sys.stdout.write(json.dumps(asdict(found), ensure_ascii=False, default=datetime.isoformat) + "\n")
    else:
        sys.stdout.write("\n".join(_lines(found)) + "\n")
    return 0


async def _explain(args: argparse.Namespace) -> Explanation:
    config = configuration(args)
    async with open_database(config) as db:
        return await Runner(db, SystemClock(), config).run(OPERATOR, lambda act: explain_decision(act, args.number))


def _lines(found: Explanation) -> Iterator[str]:
    asked = found.request
    yield f"第 {found.number} 号决定 / decision {found.number}"
    yield f"  时间 / at: {_instant(found.at)}"
    yield f"  提出 / asked by: {found.asked_by}"
    yield f"  所问名称 / name asked for: {asked.get('name', '')}"
    yield f"  代码 / code: {asked['uscc']}"
    yield f"  所填单位 / holder name: {asked.get('holder_name') or '—'}"
    yield f"  按通常写法转换 / mapped: {'是 / yes' if asked.get('mapped') else '否 / no'}"
    yield from _outcome(found.kept, found.basis)
    yield "今天重问 / asked again today"
    yield from _outcome(found.today, found.basis_today)
    yield "各条认定 / findings（= 当时和今天都有 / then and today，- 只在当时 / only then，+ 只在今天 / only today）"
    for marked in found.findings:
        yield from _finding(marked.mark, marked.finding)
    yield from _differences(found)


def _outcome(answer: Any, basis: Basis) -> Iterator[str]:
    yield f"  结论 / decision: {SAID[answer['decision']]}"
    yield f"  名称 / name: {answer['name']}  {answer['a_label']}"
    spellings = "  ".join(f"{role} {name}" for role, name in answer["bundle"].items() if name)
    yield f"  同组写法 / bundle: {spellings or '—'}"
    yield f"  建议 / suggestions: {'、'.join(answer['suggestions']) or '—'}"
    yield f"  政策版本 / policy version: {answer['policy_version']}"
    yield f"  数据版本 / data version: {_data(basis)}"
    yield f"  名单版本 / list version: {basis.list_version}"


def _data(basis: Basis) -> str:
    if basis.data_run is None:
        return "没有导入记录 / no import on record"
    when = f"，{_instant(basis.data_at)}" if basis.data_at else ""
    return f"第 {basis.data_run} 次导入 / import {basis.data_run}（{basis.data_source}{when}）"


def _finding(mark: str, finding: Any) -> Iterator[str]:
    yield f"  {mark} {finding['rule']} {SAID[finding['outcome']]}"
    yield f"      {finding['message']['zh']}"
    yield f"      {finding['message']['en']}"
    if finding["evidence"]:
        yield f"      证据 / evidence: {json.dumps(finding['evidence'], ensure_ascii=False)}"


def _differences(found: Explanation) -> Iterator[str]:
    if not found.differences and all(marked.mark == SAME for marked in found.findings):
        yield "今天的答复与当时完全相同 / today's answer is the same in every part"
        return
    yield "不同之处 / differences"
    for one in found.differences:
        yield f"  {PARTS[one.what]}: {_told(one.then)} → {_told(one.today)}"
    changed = sum(marked.mark != SAME for marked in found.findings)
    if changed:
        yield f"  认定有 {changed} 条不同 / {changed} findings differ"


def _told(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _instant(at: datetime) -> str:
    return f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M:%S} {BEIJING}"


COMMAND = Command(("name", "explain"), "说明一个决定 / explain a kept decision", _arguments, _run)
