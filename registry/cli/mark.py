"""``zhengming mark issue``: an operator issues a mark for the site of a body."""

import argparse
import asyncio
import json
import sys

from registry.cli.catalogue import ISSUE_MARK, MARK_ORDER, TXT_RESOLVER, resolve
from registry.cli.command import Command, configuration, open_database
from registry.kernel.clock import SystemClock


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--uscc", required=True, metavar="CODE", help="统一社会信用代码 / code of the body")
    parser.add_argument("--origin", required=True, metavar="URL", help="网站首页地址 / home address")
    parser.add_argument(
        "--host", action="append", default=[], metavar="HOST", help="同一网站的其他主机名 / further host of the site"
    )
    parser.add_argument("--name", default="", metavar="TEXT", help="网站名称 / name of the site")
    parser.add_argument(
        "--attested",
        default="",
        metavar="REASON",
        help="操作员代为证明控制权的理由 / reason of an operator who vouches for control",
    )


def _run(args: argparse.Namespace) -> int:
    sys.stdout.write(json.dumps(asyncio.run(_issue(args)), ensure_ascii=False) + "\n")
    return 0


async def _issue(args: argparse.Namespace) -> dict[str, str]:
    config = configuration(args)
    order = resolve(MARK_ORDER)(
        args.uscc, args.origin, tuple(args.host), args.name, attested=args.attested, actor="person:cli"
    )
    async with open_database(config) as db:
        mark = await resolve(ISSUE_MARK)(db, order, SystemClock(), config, resolve(TXT_RESOLVER)())
    return {"id": mark.id, "look": str(mark.look), "origin": mark.origin, "page": f"{config.public_url}/v/{mark.id}"}


ISSUE = Command(("mark", "issue"), "发给网站标识 / issue a mark for a site", _arguments, _run)
