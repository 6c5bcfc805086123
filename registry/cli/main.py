"""``zhengming``: the operator's tool. Exit codes: 0 done, 1 refused or failed, 2 wrong usage; ``name check`` says 3 review, 4 refuse."""

import argparse
import sys
from collections.abc import Sequence

from registry.cli.command import Command, add_common
from registry.cli.commands import COMMANDS
from registry.kernel.errors import Fault, Refusal

FAILED = 1


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    args = build_parser().parse_args(argv)
    try:
        code: int = args.run(args)
    except Refusal as refusal:
        _say(refusal.text.zh, refusal.text.en)
        return FAILED
    except Fault as fault:
        _say(str(fault))
        return FAILED
    except KeyboardInterrupt:
        return 130
    return code


def build_parser() -> argparse.ArgumentParser:
    """The parser over the one list of commands."""
    parser = argparse.ArgumentParser(
        prog="zhengming", description="正名：.政务 与 .公益 的注册管理系统 / the registry of .政务 and .公益"
    )
    groups: dict[tuple[str, ...], argparse._SubParsersAction[argparse.ArgumentParser]] = {
        (): parser.add_subparsers(required=True, metavar="COMMAND")
    }
    for command in COMMANDS:
        _add(groups, command)
    return parser


def _add(
    groups: dict[tuple[str, ...], "argparse._SubParsersAction[argparse.ArgumentParser]"], command: Command
) -> None:
    *outer, last = command.words
    for depth in range(1, len(outer) + 1):
        path = tuple(outer[:depth])
        if path not in groups:
            group = groups[path[:-1]].add_parser(path[-1], help=f"{path[-1]} …")
            groups[path] = group.add_subparsers(required=True, metavar="COMMAND")
    parser = groups[tuple(outer)].add_parser(last, help=command.summary, description=command.summary)
    add_common(parser)
    command.configure(parser)
    parser.set_defaults(run=command.run)


def _say(*lines: str) -> None:
    for line in lines:
        sys.stderr.write(f"zhengming: {line}\n")


if __name__ == "__main__":
    sys.exit(main())
