"""``zhengming registrar network``: where registrars log in from. A list that shuts out addresses in use wants ``--force``."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable

from registry.cli.command import Command
from registry.cli.registrar import print_json, run_act
from registry.flows.act import Act
from registry.flows.registrar.account import list_proposals
from registry.flows.registrar.networks import (
    AddNetwork,
    DecideNetwork,
    add_network,
    approve_network,
    refuse_network,
    remove_network,
)


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="注册服务机构 / registrar")
    parser.add_argument("network", metavar="CIDR", help="192.0.2.0/24 或 2001:db8::/48 / a network")
    parser.add_argument("--user", default="", metavar="ID", help="只对这个用户 / for this user alone")
    parser.add_argument("--note", default="", metavar="TEXT", help="说明 / note")
    _force(parser)


def _add(args: argparse.Namespace) -> int:
    order = AddNetwork(args.id, args.network, args.user, args.note, args.force)
    number = asyncio.run(run_act(args, lambda act: add_network(act, order)))
    print_json({"number": number, "id": args.id, "network": args.network, "user": args.user})
    return 0


def _decide_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", type=int, metavar="N", help="编号 / number")
    parser.add_argument("--reason", required=True, metavar="TEXT", help="理由 / reason")
    _force(parser)


def _force(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--force", action="store_true", help="即使挡住正在使用的地址 / even if addresses in use are shut out"
    )


def _approve(args: argparse.Namespace) -> int:
    return _decided(args, approve_network)


def _refuse(args: argparse.Namespace) -> int:
    return _decided(args, refuse_network)


def _remove(args: argparse.Namespace) -> int:
    return _decided(args, remove_network)


def _decided(args: argparse.Namespace, flow: Callable[[Act, DecideNetwork], Awaitable[None]]) -> int:
    order = DecideNetwork(args.number, args.reason, args.force)
    asyncio.run(run_act(args, lambda act: flow(act, order)))
    print_json({"number": args.number})
    return 0


def _none(_: argparse.ArgumentParser) -> None:
    pass


def _proposals(args: argparse.Namespace) -> int:
    for one in asyncio.run(run_act(args, list_proposals)):
        print_json(
            {"number": one.id, "registrar": one.registrar_id, "network": str(one.network), "user": one.user_id, "state": one.state}
        )  # fmt: skip
    return 0


ADD = Command(("registrar", "network", "add"), "增加来源网段 / add a network", _add_arguments, _add)
REMOVE = Command(("registrar", "network", "remove"), "去掉来源网段 / remove a network", _decide_arguments, _remove)
PROPOSALS = Command(("registrar", "network", "proposals"), "待决的提议 / what is proposed", _none, _proposals)
APPROVE = Command(("registrar", "network", "approve"), "同意提议 / agree to a proposal", _decide_arguments, _approve)
REFUSE = Command(("registrar", "network", "refuse"), "不同意提议 / refuse a proposal", _decide_arguments, _refuse)
