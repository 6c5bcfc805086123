"""``zhengming status``: server statuses of domains, hosts and contacts, each with its reason, told to the sponsor by poll."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from registry.cli.acting import add_by, operate_as
from registry.cli.command import Command
from registry.flows.act import Act
from registry.flows.contact.update import UpdateContact, update_contact
from registry.flows.domain.update import UpdateDomain, update_domain
from registry.flows.host.update import UpdateHost, update_host
from registry.flows.registrar.permission import check_reason
from registry.kernel.names import map_people, to_a

Statuses = dict[str, Any]


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", choices=("domain", "host", "contact"), help="对象种类 / kind of object")
    parser.add_argument("name", metavar="NAME", help="域名、主机名或联系人标识 / name or identifier")
    parser.add_argument("--add", nargs="+", default=[], metavar="STATUS", help="设置，如 serverHold / to set")
    parser.add_argument("--rem", nargs="+", default=[], metavar="STATUS", help="去掉 / to remove")
    parser.add_argument("--reason", required=True, metavar="TEXT", help="理由，对外可见 / reason, everybody sees it")
    add_by(parser)


def _run(args: argparse.Namespace) -> int:
    said = {"add_statuses": tuple(args.add), "rem_statuses": tuple(args.rem), "reason": check_reason(args.reason)}
    asyncio.run(operate_as(args, lambda act: CHANGES[args.kind](act, args.name, said)))
    return 0


async def _change_domain(act: Act, name: str, said: Statuses) -> None:
    await update_domain(act, UpdateDomain(to_a(map_people(name).text), **said))


async def _change_host(act: Act, name: str, said: Statuses) -> None:
    await update_host(act, UpdateHost(to_a(map_people(name).text), **said))


async def _change_contact(act: Act, name: str, said: Statuses) -> None:
    await update_contact(act, UpdateContact(name, **said))


CHANGES: dict[str, Callable[[Act, str, Statuses], Awaitable[None]]] = {
    "domain": _change_domain,
    "host": _change_host,
    "contact": _change_contact,
}
SET = Command(("status", "set"), "设置或去掉注册局状态 / set or remove server statuses", _arguments, _run)
