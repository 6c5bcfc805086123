"""``zhengming establishment import``, ``runs``, ``rollback``, ``search`` and ``generate``."""

import argparse
import asyncio
import json
import sys
from pathlib import Path

from registry.cli.command import Command, configuration, open_database
from registry.cli.exchange import receive
from registry.cli.progress import watching
from registry.establishment.exchange.package import is_package
from registry.establishment.exporting import write_generated
from registry.establishment.files import open_source
from registry.establishment.importing import ImportReport, Preview, import_source, preview_source
from registry.establishment.rollback import roll_back
from registry.establishment.search import search
from registry.establishment.search_refresh import refresh_search
from registry.kernel.clock import SystemClock
from registry.store.import_runs import recent

ACTOR = "operator:cli"


def _import_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help="CSV、XLSX、JSON 行或数据交换包 / CSV, XLSX, JSON lines or an exchange package",
    )
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument(
        "--snapshot",
        action="store_true",
        help="全量：报告缺少的机构，从不自动撤销 / complete list: reports what is missing",
    )
    mode.add_argument("--delta", action="store_true", help="增量（默认） / changes only (default)")
    parser.add_argument(
        "--preview",
        action="store_true",
        help="预演：只说明会有哪些变动，不写入 / tell what would change, write nothing",
    )
    parser.add_argument(
        "--centre",
        default="",
        metavar="NN",
        help="只收该数据中心所属的机构 / take only rows that this data centre owns",
    )


def _import(args: argparse.Namespace) -> int:
    return asyncio.run(_import_into_database(args))


async def _import_into_database(args: argparse.Namespace) -> int:
    if is_package(args.file):
        config = configuration(args)
        async with open_database(config) as db:
            return await receive(db, config, args.centre or "00", args.file)
    source = open_source(args.file)
    act = preview_source if args.preview else import_source
    async with open_database(configuration(args)) as db:
        with watching(source.name) as watch:
            done: Preview | ImportReport = await act(
                db, source, snapshot=args.snapshot, actor=ACTOR, clock=SystemClock(), scope=args.centre, watch=watch
            )
        await refresh_search(db)
    if isinstance(done, Preview):
        _show_plan(done)
    _show_report(done.report if isinstance(done, Preview) else done)
    return 0


def _show_plan(preview: Preview) -> None:
    for example in preview.plan.examples:
        changes = "；".join(f"{field}: {was} → {will}" for field, (was, will) in example.changes.items())
        sys.stdout.write(f"第 {example.line} 行 / line {example.line} {example.uscc} {example.name}: {changes}\n")
    sys.stdout.write(json.dumps({"preview": preview.plan.counts}) + "\n")


def _show_report(report: ImportReport) -> None:
    for row in report.rejections:
        sys.stdout.write(f"{row}\n")
    for uscc, name in report.missing_bodies:
        sys.stdout.write(f"缺少 / missing: {uscc} {name}\n")
    sys.stdout.write(json.dumps(report.counts()) + "\n")


def _no_arguments(_: argparse.ArgumentParser) -> None:
    """Nothing but what all commands take."""


def _runs(args: argparse.Namespace) -> int:
    return asyncio.run(_list_runs(args))


async def _list_runs(args: argparse.Namespace) -> int:
    async with open_database(configuration(args)) as db, db.transaction(readonly=True) as conn:
        for run in await recent(conn):
            shown = {
                "run": run.id, "at": run.started_at.isoformat(), "state": run.state, "mode": run.mode, "source": run.source,
                "actor": run.actor, "counts": dict(run.counts), "read_lines": run.read_lines,
            }  # fmt: skip
            sys.stdout.write(json.dumps(shown, ensure_ascii=False) + "\n")
    return 0


def _rollback_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "number", type=int, metavar="RUN", help="导入编号，见 establishment runs / number of the import"
    )


def _rollback(args: argparse.Namespace) -> int:
    return asyncio.run(_take_back(args))


async def _take_back(args: argparse.Namespace) -> int:
    async with open_database(configuration(args)) as db:
        counts = await roll_back(db, args.number, actor=ACTOR, clock=SystemClock())
    sys.stdout.write(json.dumps(counts) + "\n")
    return 0


def _search_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "text",
        metavar="TEXT",
        help="代码、名称、拼音、首字母或名称的一部分 / code, name, pinyin, initials, part of a name",
    )
    parser.add_argument("--region", default="", metavar="CODE", help="限于某地 / within a region")
    parser.add_argument("--kind", default="", metavar="KK", help="限于某类 / of a kind")


def _search(args: argparse.Namespace) -> int:
    return asyncio.run(_search_database(args))


async def _search_database(args: argparse.Namespace) -> int:
    async with open_database(configuration(args)) as db, db.transaction(readonly=True) as conn:
        for found in await search(conn, args.text, region=args.region, kind=args.kind):
            shown = {
                "uscc": found.body.uscc, "name": found.body.name, "region": found.body.region, "status": found.body.status,
                "matched": found.name, "role": found.role, "grade": found.grade.name.lower(),
            }  # fmt: skip
            sys.stdout.write(json.dumps(shown, ensure_ascii=False) + "\n")
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
RUNS = Command(("establishment", "runs"), "历次导入 / list imports", _no_arguments, _runs)
ROLLBACK = Command(("establishment", "rollback"), "回退一次导入 / take an import back", _rollback_arguments, _rollback)
SEARCH = Command(("establishment", "search"), "查找机构 / search bodies", _search_arguments, _search)
GENERATE = Command(
    ("establishment", "generate"), "生成模拟机构 / generate synthetic bodies", _generate_arguments, _generate
)
