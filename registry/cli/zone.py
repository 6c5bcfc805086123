"""``zhengming zone export``: the signed zone as a master file (RFC 1035 section 5)."""

import argparse
import asyncio
import sys
from pathlib import Path

from registry.cli.catalogue import EXPORT_ZONE, resolve
from registry.cli.command import Command, configuration, open_database
from registry.kernel.clock import SystemClock


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("tld", metavar="TLD", help="政务、公益或其 A-label / U-label or A-label")
    parser.add_argument(
        "--out", type=Path, default=None, metavar="FILE", help="写到文件，默认标准输出 / file, default standard output"
    )


def _run(args: argparse.Namespace) -> int:
    return asyncio.run(_export(args))


async def _export(args: argparse.Namespace) -> int:
    config = configuration(args)
    async with open_database(config) as db:
        export = resolve(EXPORT_ZONE)
        if args.out:
            with args.out.open("w", encoding="ascii") as out:
                await export(config, db, args.tld, out, SystemClock())
        else:
            await export(config, db, args.tld, sys.stdout, SystemClock())
    return 0


EXPORT = Command(("zone", "export"), "导出已签名的区文件 / export a signed zone", _arguments, _run)
