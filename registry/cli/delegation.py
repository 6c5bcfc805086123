"""``zhengming delegation check``: whether the name servers of a name do what a delegation needs, before or after it is published."""

import argparse
import asyncio
import json
import sys
from typing import Any

from registry.cli.catalogue import CHECK_DELEGATION, FINDINGS_AS_JSON, resolve
from registry.cli.command import Command, configuration, open_database
from registry.kernel.clock import SystemClock

SEVERITIES = {"error": "错误 error", "warning": "警告 warning", "notice": "提示 notice"}
FINE, FAULTY = 0, 1


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="域名，U-label 或 A-label / the name")
    parser.add_argument(
        "--server", action="append", default=[], metavar="'HOST [ADDRESS…]'",
        help="拟用的域名服务器，可重复；默认查已委派的 / a name server to be, may be repeated; default: those delegated to",
    )  # fmt: skip
    parser.add_argument(
        "--ds", action="append", default=[], metavar="'TAG ALG TYPE DIGEST'", help="拟用的 DS 记录，可重复 / a DS record to be"
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="输出 JSON / print JSON")


def _run(args: argparse.Namespace) -> int:
    return asyncio.run(_check(args))


async def _check(args: argparse.Namespace) -> int:
    config = configuration(args)
    async with open_database(config) as db:
        checked = await resolve(CHECK_DELEGATION)(config, db, SystemClock(), args.name, args.server, args.ds)
    findings: list[dict[str, Any]] = resolve(FINDINGS_AS_JSON)(checked.findings)
    if args.json:
        sys.stdout.write(json.dumps({"name": checked.proposal.zone, "findings": findings}, ensure_ascii=False) + "\n")
    else:
        sys.stdout.writelines(_line(each) for each in findings)
        sys.stdout.write("" if findings else "没有发现问题 / nothing was found\n")
    return FAULTY if checked.has_errors else FINE


def _line(finding: dict[str, Any]) -> str:
    where = f"{finding['where']}：" if finding["where"] else ""
    return f"{SEVERITIES[finding['severity']]} · {where}{finding['zh']} / {finding['en']}\n"


CHECK = Command(("delegation", "check"), "检查域名的委派 / check the delegation of a name", _arguments, _run)
