"""``zhengming exchange client``: the systems of data centres that push online or look bodies up."""

import argparse
import asyncio
import json
import sys
from typing import Any

from registry.cli.command import Command, configuration, open_database
from registry.flows.act import Act, Caller
from registry.flows.establishment.create_client import CreateCentreClient, create_centre_client
from registry.flows.establishment.revoke_client import revoke_centre_client
from registry.flows.establishment.scopes import CENTRE_SCOPES
from registry.flows.runner import Flow, Runner
from registry.kernel.clock import SystemClock
from registry.store import push_clients

OPERATOR = Caller("person", "cli", may_override=True)


def _create_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "centre",
        metavar="CENTRE",
        help="数据中心：00 为中央，省级为区划代码前两位 / 00, or the first two digits of a province",
    )
    parser.add_argument(
        "--scope",
        action="append",
        choices=CENTRE_SCOPES,
        help="范围，可多次给出，默认全部 / may be repeated, all by default",
    )
    parser.add_argument("--note", default="", metavar="TEXT", help="用途 / what it is for")


def _create(args: argparse.Namespace) -> int:
    order = CreateCentreClient(args.centre, tuple(args.scope or CENTRE_SCOPES), args.note)
    made = asyncio.run(_act(args, lambda act: create_centre_client(act, order)))
    _print(
        {
            "client_id": made.client_id,
            "client_secret": made.secret,
            "centre": made.centre,
            "scope": " ".join(made.scopes),
        }
    )
    return 0


def _revoke_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("client_id", metavar="CLIENT", help="客户端标识 / client id")


def _revoke(args: argparse.Namespace) -> int:
    centre = asyncio.run(_act(args, lambda act: revoke_centre_client(act, args.client_id)))
    _print({"client_id": args.client_id, "centre": centre, "revoked": True})
    return 0


def _list_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--centre", default="", metavar="NN", help="只列出该数据中心的 / of this data centre only")


def _list(args: argparse.Namespace) -> int:
    async def flow(act: Act) -> list[push_clients.PushClient]:
        return await push_clients.listed(act.conn, args.centre)

    for one in asyncio.run(_act(args, flow)):
        _print({
            "client_id": one.client_id, "centre": one.centre, "scope": " ".join(one.scopes), "note": one.note,
            "created_at": one.created_at.isoformat(), "created_by": one.created_by,
            "revoked_at": one.revoked_at.isoformat() if one.revoked_at else None, "revoked_by": one.revoked_by,
        })  # fmt: skip
    return 0


async def _act(args: argparse.Namespace, flow: Flow[Any]) -> Any:
    config = configuration(args)
    async with open_database(config) as db:
        return await Runner(db, SystemClock(), config).run(OPERATOR, flow)


def _print(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")


CREATE = Command(
    ("exchange", "client", "create"),
    "新建数据中心的接口客户端 / create a client of a data centre",
    _create_arguments,
    _create,
)
REVOKE = Command(("exchange", "client", "revoke"), "撤销客户端 / revoke a client", _revoke_arguments, _revoke)
LIST = Command(("exchange", "client", "list"), "列出客户端 / list clients", _list_arguments, _list)
