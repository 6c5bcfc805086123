"""``zhengming``: the operator's tool. Exit codes: 0 done, 1 refused or failed, 2 wrong usage; ``name check`` says 3 review, 4 refuse."""

import argparse
import os
import sys
from collections.abc import Sequence

from registry.cli.catalogue import resolve
from registry.cli.command import Command, add_common
from registry.cli.commands import COMMANDS
from registry.kernel.errors import Fault, Refusal

FAILED = 1


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    args = build_parser(typed_command(words)).parse_args(words)
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
    except BrokenPipeError:  # whoever read our output, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing is left to complain about at exit
        return 141
    return code


def build_parser(words: tuple[str, ...] | None) -> argparse.ArgumentParser:
    """The parser of the one command that was typed, or of all of them when none was recognised (help, a slip)."""
    parser = argparse.ArgumentParser(
        prog="zhengming", description="正名：.政务 与 .公益 的注册管理系统 / the registry of .政务 and .公益"
    )
    groups: dict[tuple[str, ...], argparse._SubParsersAction[argparse.ArgumentParser]] = {
        (): parser.add_subparsers(required=True, metavar="COMMAND")
    }
    for listed in [words] if words else COMMANDS:
        _add(groups, resolve(COMMANDS[listed]))
    return parser


def typed_command(argv: Sequence[str]) -> tuple[str, ...] | None:
    """The command that the first words name; None for ``--help`` and for words that are no command."""
    return next((words for words in COMMANDS if tuple(argv[: len(words)]) == words), None)


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
