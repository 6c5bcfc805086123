"""``zhengming establishment import`` and ``generate``."""

import argparse
import asyncio
import json
import sys
from pathlib import Path

from registry.cli.command import Command, configuration, open_database
from registry.establishment.exporting import write_generated
from registry.establishment.importing import import_file
from registry.kernel.clock import SystemClock


def _import_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="CSV、XLSX 或 JSON 行 / CSV, XLSX or JSON lines")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument(
        "--snapshot",
        action="store_true",
        help="全量：报告缺少的机构，从不自动撤销 / complete list: reports what is missing",
    )
    mode.add_argument("--delta", action="store_true", help="增量（默认） / changes only (default)")


def _import(args: argparse.Namespace) -> int:
    return asyncio.run(_import_into_database(args))


async def _import_into_database(args: argparse.Namespace) -> int:
    async with open_database(configuration(args)) as db:
        report = await import_file(db, args.file, snapshot=args.snapshot, actor="operator:cli", clock=SystemClock())
    for row in report.rejections:
        sys.stdout.write(f"{row}\n")
    for uscc, name in report.missing_bodies:
        sys.stdout.write(f"缺少 / missing: {uscc} {name}\n")
    sys.stdout.write(json.dumps(report.counts()) + "\n")
    return 0


def _generate_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--count", type=int, required=True, metavar="N", help="机构数 / how many bodies")
    parser.add_argument(
        "--seed", type=int, required=True, metavar="S", help="种子，相同则文件相同 / same seed, same file"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="写到 / file to write")


def _generate(args: argparse.Namespace) -> int:
    written = write_generated(args.out, args.count, args.seed)
    sys.stdout.write(json.dumps({"written": written, "file": str(args.out)}, ensure_ascii=False) + "\n")
    return 0


IMPORT = Command(("establishment", "import"), "导入机构编制名录 / import bodies", _import_arguments, _import)
GENERATE = Command(
    ("establishment", "generate"), "生成模拟机构 / generate synthetic bodies", _generate_arguments, _generate
)
