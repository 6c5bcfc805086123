"""``zhengming lock``: the registry lock of a domain, moved by two people (``registry/flows/lock``)."""

import argparse
import asyncio
from typing import Any

from registry.cli.acting import act_as, add_by
from registry.cli.command import Command
from registry.cli.registrar import print_json
from registry.flows.act import Act
from registry.flows.lock.confirm import close_window, confirm_lock, withdraw_lock
from registry.flows.lock.propose import ProposeLock, propose_lock
from registry.flows.lock.show import show_lock_orders
from registry.kernel.names import map_people, to_a
from registry.model.domain import Domain
from registry.model.lock import DEFAULT_WINDOW_HOURS, LockMove
from registry.model.person import Person
from registry.store.lock_orders import LockOrder


def _propose_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="LABEL.TLD", help="域名 / domain")
    parser.add_argument("move", type=LockMove, choices=list(LockMove), help="lock 锁定 · open 开窗口 · release 解除")
    parser.add_argument(
        "--hours",
        type=int,
        default=DEFAULT_WINDOW_HOURS,
        metavar="N",
        help="窗口时长，默认 4 小时 / hours of the window",
    )
    _reason(parser)
    add_by(parser)


def _propose(args: argparse.Namespace) -> int:
    order = ProposeLock(_a_form(args.name), args.move, args.reason, args.hours)
    made: LockOrder = asyncio.run(act_as(args, lambda act, by: propose_lock(act, by, order)))
    print_json(_line(made))
    return 0


def _number_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", type=int, metavar="NUMBER", help="提议编号 / number of the proposal")
    add_by(parser)


def _confirm(args: argparse.Namespace) -> int:
    _print_domain(asyncio.run(act_as(args, lambda act, by: confirm_lock(act, by, args.number))))
    return 0


def _withdraw(args: argparse.Namespace) -> int:
    asyncio.run(act_as(args, lambda act, by: withdraw_lock(act, by, args.number)))
    return 0


def _close_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="LABEL.TLD", help="域名 / domain")
    _reason(parser)
    add_by(parser)


def _close(args: argparse.Namespace) -> int:
    name = _a_form(args.name)
    _print_domain(asyncio.run(act_as(args, lambda act, by: close_window(act, by, name, args.reason))))
    return 0


def _list_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--all", action="store_true", help="也列已办结的 / those that were settled too")
    add_by(parser)


def _list(args: argparse.Namespace) -> int:
    async def show(act: Act, by: Person) -> list[LockOrder]:
        return await show_lock_orders(act, by, only_waiting=not args.all)

    for one in asyncio.run(act_as(args, show)):
        print_json(_line(one))
    return 0


def _reason(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--reason", required=True, metavar="TEXT", help="理由，写入审计并告知注册服务机构 / reason, told and kept"
    )


def _line(one: LockOrder) -> dict[str, Any]:
    return {
        "number": one.id,
        "name": one.name,
        "move": one.move,
        "hours": one.hours,
        "state": one.state,
        "reason": one.reason,
        "proposed_by": one.proposed_by,
        "proposed_at": one.proposed_at.isoformat(),
        "decided_by": one.decided_by,
    }


def _print_domain(domain: Domain) -> None:
    lock = domain.lock
    until = lock.open_until.isoformat() if lock and lock.open_until else None
    print_json({"name": domain.name, "locked": lock is not None, "open_until": until})


def _a_form(name: str) -> str:
    try:
        return to_a(map_people(name).text)
    except ValueError:
        return name  # then there is no such domain


PROPOSE = Command(
    ("lock", "propose"), "提议锁定、开窗口或解除 / propose a move of a registry lock", _propose_arguments, _propose
)
CONFIRM = Command(
    ("lock", "confirm"), "由另一人确认 / confirm what another person proposed", _number_arguments, _confirm
)
WITHDRAW = Command(("lock", "withdraw"), "撤回提议 / take a proposal back", _number_arguments, _withdraw)
CLOSE = Command(("lock", "close"), "提前关闭解锁窗口 / shut an open window early", _close_arguments, _close)
LIST = Command(("lock", "list"), "列出待确认的提议 / list what waits", _list_arguments, _list)
