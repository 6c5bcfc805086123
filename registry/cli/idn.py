"""``zhengming idn compile`` and ``zhengming idn diff``: the registration table as data."""

import argparse
import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

from registry.cli.command import Command, configuration, open_database
from registry.policy.idn.compact import SHIPPED_LICENCE, compile_table, load_table, read_table, shipped_table
from registry.policy.idn.difference import Touched, diff_tables, touched_labels
from registry.policy.idn.table import Table
from registry.store.registered_labels import name_sets, registered_labels


def _compile_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="RFC 7940 XML 字表 / label generation ruleset")
    parser.add_argument(
        "--out", type=Path, default=None, metavar="FILE", help="写到，默认与来源同名 .idn.zlib / file to write"
    )


def _compile(args: argparse.Namespace) -> int:
    target = args.out or args.file.with_suffix(".idn.zlib")
    target.write_bytes(_compiled(args.file))
    sys.stdout.write(f"{target}\n")
    return 0


def _compiled(source: Path) -> bytes:
    """With the licence, when the source is that of the table that ships: then the bytes are the shipped ones."""
    compiled = compile_table(source)
    is_shipped = read_table(compiled).sha256 == shipped_table().sha256
    return compile_table(source, licence=SHIPPED_LICENCE) if is_shipped else compiled


def _diff_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("old", type=Path, metavar="OLD", help="现用字表 / compiled table in use")
    parser.add_argument("new", type=Path, metavar="NEW", help="新字表 / compiled table to come")
    parser.add_argument(
        "--tables-only", action="store_true", help="只比较字表，不查注册库 / compare the tables, not the register"
    )


def _diff(args: argparse.Namespace) -> int:
    old, new = load_table(args.old), load_table(args.new)
    for line in diff_tables(old, new).lines():
        sys.stdout.write(line + "\n")
    if not args.tables_only:
        for line in asyncio.run(_touched(args, old, new)):
            sys.stdout.write(line + "\n")
    return 0


async def _touched(args: argparse.Namespace, old: Table, new: Table) -> list[str]:
    """What it means for the register, set by set: names under TLDs that do not exclude each other never meet."""
    lines: list[str] = []
    async with open_database(configuration(args)) as db:
        for tld_set in await name_sets(db):
            labels = await registered_labels(db, tld_set)
            lines += _told(tld_set, len(labels), touched_labels(labels, old, new))
    return lines


def _told(tld_set: str, count: int, touched: Touched) -> Iterator[str]:
    yield f"{tld_set}: 在册 {count} 个名称 / {count} registered names"
    for label, characters in touched.lost:
        yield f"  失去字符的名称 / name with lost characters: {label} {characters}"
    for labels in touched.merged:
        yield f"  将成为同一名称 / names that become one: {' '.join(labels)}"
    if not (touched.lost or touched.merged):
        yield "  没有名称受影响 / no name is touched"


COMPILE = Command(("idn", "compile"), "编译注册字表 / compile a registration table", _compile_arguments, _compile)
DIFF = Command(("idn", "diff"), "比较两份字表 / compare two tables", _diff_arguments, _diff)
