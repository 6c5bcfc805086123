"""Commands that somebody answers for: ``--by USER`` names a living account, and its role decides what it may do."""

import argparse
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from registry.cli.command import configuration, open_database
from registry.flows.act import Act, Caller
from registry.flows.runner import Runner
from registry.flows.session.accounts import person_of
from registry.kernel.clock import BEIJING, SystemClock
from registry.kernel.errors import Reason, Refusal
from registry.model.person import Person, Role


def add_by(parser: argparse.ArgumentParser) -> None:
    """The argument."""
    parser.add_argument("--by", required=True, metavar="USER", help="经办人的用户名 / user name of who does this")


async def act_as(args: argparse.Namespace, flow: Callable[[Act, Person], Awaitable[Any]]) -> Any:
    """One act of the person. Refuses with ``NOT_FOUND`` for an account that cannot sign in."""
    config = configuration(args)

    async def run(act: Act) -> Any:
        return await flow(act, await person_of(act, args.by))

    async with open_database(config) as db:
        return await Runner(db, SystemClock(), config).run(Caller("person", args.by), run)


async def operate_as(args: argparse.Namespace, flow: Callable[[Act], Awaitable[Any]]) -> Any:
    """One act of an operator, who may override. ``NOT_PERMITTED`` for every other role."""
    config = configuration(args)

    async def run(act: Act) -> Any:
        person = await person_of(act, args.by)
        if person.role is not Role.OPERATOR:
            zh, en = "只有系统管理员可以这样做", "only an operator may do this"
            raise Refusal(Reason.NOT_PERMITTED, zh, en, where="by", value=args.by)
        return await flow(act)

    async with open_database(config) as db:
        return await Runner(db, SystemClock(), config).run(Caller("person", args.by, may_override=True), run)


def instant(text: str) -> datetime:
    """An instant as people type it, in Beijing's time unless it says another: ``2026-06-01T22:00``."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"时间写作 2026-06-01T22:00 / write a time as 2026-06-01T22:00: {text}"
        ) from None
    return (at if at.tzinfo else at.replace(tzinfo=BEIJING)).astimezone(UTC)
