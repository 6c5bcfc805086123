"""``zhengming list``: the operators' reserved and prohibited words; every change needs two people."""

import argparse
import asyncio
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from registry.cli.command import Command, configuration, open_database
from registry.cli.registrar import OPERATOR
from registry.flows.act import Caller
from registry.flows.lists.approve_entry import approve_entry
from registry.flows.lists.propose_entry import ProposeEntry, propose_entry
from registry.flows.lists.show import Lists, show_lists
from registry.flows.lists.withdraw_entry import withdraw_entry, withdraw_proposal
from registry.flows.lists.words import CLASSES
from registry.flows.runner import Flow, Runner
from registry.kernel.clock import SystemClock


def _by(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--by", required=True, metavar="USER", help="经办人的用户名 / user name of who does this")


def _propose_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("list_class", choices=list(CLASSES), metavar="CLASS", help=f"{' '.join(CLASSES)}")
    parser.add_argument("word", metavar="WORD", help="词语 / word")
    parser.add_argument("--reason", required=True, metavar="TEXT", help="理由 / reason")
    details = "；".join(f"{name}：{known.detail_zh} / {known.detail_en}" for name, known in CLASSES.items())
    parser.add_argument("--detail", default="", metavar="TEXT", help=details)
    parser.add_argument(
        "--unlocked-by", default="", metavar="WHO", help="exact-name、government 或 reviewer / who gets past it"
    )
    _by(parser)


def _propose(args: argparse.Namespace) -> int:
    order = ProposeEntry(args.list_class, args.word, args.reason, args.detail, args.unlocked_by)
    return _print(_act(args, lambda act: propose_entry(act, order)))


def _approve_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("change", type=int, metavar="PROPOSAL", help="提议编号 / number of the proposal")
    _by(parser)


def _approve(args: argparse.Namespace) -> int:
    return _print(_act(args, lambda act: approve_entry(act, args.change)))


def _withdraw_arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--proposal", type=int, metavar="N", help="撤回尚未批准的提议 / take back what waits")
    what.add_argument("--entry", type=int, metavar="N", help="提议撤销在用条目 / propose the end of an entry in force")
    parser.add_argument("--reason", default="", metavar="TEXT", help="理由 / reason")
    _by(parser)


def _withdraw(args: argparse.Namespace) -> int:
    if args.proposal is not None:
        return _print(_act(args, lambda act: withdraw_proposal(act, args.proposal)))
    return _print(_act(args, lambda act: withdraw_entry(act, args.entry, args.reason)))


def _show_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--version", type=int, default=None, metavar="N", help="某一版本，默认最新 / a version, default newest"
    )
    parser.add_argument("--json", action="store_true", help="输出 JSON / print JSON")


def _show(args: argparse.Namespace) -> int:
    found: Lists = asyncio.run(_run(args, OPERATOR, lambda act: show_lists(act, args.version)))
    if args.json:
        return _print(found)
    sys.stdout.write("\n".join(_lines(found)) + "\n")
    return 0


def _lines(found: Lists) -> Iterator[str]:
    yield f"名单第 {found.version} 版 / lists, version {found.version}  {found.seal[:12]}"
    for name, known in CLASSES.items():
        entries = [entry for entry in found.entries if entry.word.list_class == name]
        if entries:
            yield f"{known.zh} / {known.en}"
        for entry in entries:
            word = entry.word
            yield f"  {entry.id}  {word.word}  {word.detail}  {word.unlocked_by}  {word.reason}"
    if found.waiting:
        yield "待批准 / waiting for approval"
    for change in found.waiting:
        word = change.word
        yield f"  {change.id}  {change.act}  {word.list_class}  {word.word}  {change.proposed_by}  {word.reason}"


def _act(args: argparse.Namespace, flow: Flow[Any]) -> Any:
    return asyncio.run(_run(args, Caller("person", args.by), flow))


async def _run(args: argparse.Namespace, caller: Caller, flow: Flow[Any]) -> Any:
    config = configuration(args)
    async with open_database(config) as db:
        return await Runner(db, SystemClock(), config).run(caller, flow)


def _print(answer: Any) -> int:
    sys.stdout.write(json.dumps(asdict(answer), ensure_ascii=False, default=datetime.isoformat) + "\n")
    return 0


PROPOSE = Command(("list", "propose"), "提议加入名单 / propose a word", _propose_arguments, _propose)
APPROVE = Command(("list", "approve"), "批准提议 / approve a proposal", _approve_arguments, _approve)
WITHDRAW = Command(
    ("list", "withdraw"), "撤回提议或提议撤销 / withdraw a proposal, or propose an end", _withdraw_arguments, _withdraw
)
SHOW = Command(("list", "show"), "查看名单 / show the lists", _show_arguments, _show)
