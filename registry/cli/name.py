"""``zhengming name check``: the name decision on the command line; exit 0 pass, 3 review, 4 refuse."""

import argparse
import asyncio
import json
import sys

from registry.cli.command import Command, configuration, open_database
from registry.cli.registrar import OPERATOR
from registry.flows.naming.judge import judge_name
from registry.flows.runner import Runner
from registry.kernel.clock import SystemClock
from registry.model.decision import Decision

EXIT = {"pass": 0, "review": 3, "refuse": 4}
SAID = {"pass": "通过 / pass", "review": "需人工审核 / review", "refuse": "不予通过 / refuse", "info": "提示 / info"}


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="LABEL.TLD", help="例如 清华大学.公益 / for example 清华大学.公益")
    parser.add_argument("--uscc", required=True, metavar="CODE", help="统一社会信用代码 / unified social credit code")
    parser.add_argument(
        "--holder-name", default="", metavar="TEXT", help="申请机构名称（可选） / legal name (optional)"
    )
    parser.add_argument("--json", action="store_true", help="输出 JSON / print JSON")


def _run(args: argparse.Namespace) -> int:
    decision = asyncio.run(_judge(args))
    if args.json:
        sys.stdout.write(json.dumps(decision.as_json(), ensure_ascii=False) + "\n")
    else:
        _tell(decision)
    return EXIT[decision.decision]


async def _judge(args: argparse.Namespace) -> Decision:
    config = configuration(args)
    async with open_database(config) as db:
        runner = Runner(db, SystemClock(), config)
        decision, _ = await runner.run(
            OPERATOR, lambda act: judge_name(act, args.name, args.uscc, holder_name=args.holder_name, mapped=True)
        )
    return decision


def _tell(decision: Decision) -> None:
    lines = [f"{decision.name}  {decision.a_label}", SAID[decision.decision]]
    for finding in decision.findings:
        lines += [f"  {finding.rule} {SAID[finding.outcome]}", f"    {finding.message.zh}", f"    {finding.message.en}"]
    if decision.suggestions:
        lines.append("建议 / suggestions: " + "、".join(decision.suggestions))
    sys.stdout.write("\n".join(lines) + "\n")


COMMAND = Command(("name", "check"), "名称比对 / judge a name for a body", _arguments, _run)
