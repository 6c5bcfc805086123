"""``zhengming idn compile`` and ``zhengming idn diff``: the registration table as data."""

import argparse
import sys
from pathlib import Path

from registry.cli.command import Command
from registry.policy.idn.compact import compile_table, read_table
from registry.policy.idn.difference import diff_tables


def _compile_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="RFC 7940 XML 字表 / label generation ruleset")
    parser.add_argument(
        "--out", type=Path, default=None, metavar="FILE", help="写到，默认与来源同名 .idn.zlib / file to write"
    )


def _compile(args: argparse.Namespace) -> int:
    target = args.out or args.file.with_suffix(".idn.zlib")
    target.write_bytes(compile_table(args.file))
    sys.stdout.write(f"{target}\n")
    return 0


def _diff_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("old", type=Path, metavar="OLD", help="现用字表 / compiled table in use")
    parser.add_argument("new", type=Path, metavar="NEW", help="新字表 / compiled table to come")


def _diff(args: argparse.Namespace) -> int:
    difference = diff_tables(read_table(args.old.read_bytes()), read_table(args.new.read_bytes()))
    for line in difference.lines():
        sys.stdout.write(line + "\n")
    return 0


COMPILE = Command(("idn", "compile"), "编译注册字表 / compile a registration table", _compile_arguments, _compile)
DIFF = Command(("idn", "diff"), "比较两份字表 / compare two tables", _diff_arguments, _diff)
