"""What the tests of registrars share: acting as an operator, logging in without a socket, waiting for what comes soon."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypeVar

import pytest

from registry.epp.conversation import Conversation, Peer
from registry.epp.namespaces import CONTACT, DOMAIN, HOST
from registry.flows.act import Caller
from registry.flows.runner import Runner
from registry.kernel.errors import Reason, Refusal
from tests.epp.world import ENDS, REGISTRARS, key_of

T = TypeVar("T")
OPERATOR = Caller("person", "operator", may_override=True)
A, B = "registrar-a", "registrar-b"
HERE = "192.0.2.1"
PASSWORD = "user-password-1"
SERVICES = "".join(f"<objURI>{uri}</objURI>" for uri in (DOMAIN, CONTACT, HOST))


async def act(runner: Runner, caller: Caller | str, flow: Callable[..., Awaitable[T]], *order: Any) -> T:
    """Run one act of a registrar (its id) or another caller."""
    who = Caller("registrar", caller) if isinstance(caller, str) else caller
    return await runner.run(who, lambda made: flow(made, *order))


async def refuses(
    runner: Runner, caller: Caller | str, flow: Callable[..., Awaitable[Any]], order: Any, reason: Reason
) -> Refusal:
    """The refusal, which has this reason and both languages."""
    with pytest.raises(Refusal) as caught:
        await act(runner, caller, flow, order)
    assert caught.value.reason is reason, caught.value
    assert caught.value.text.zh
    assert caught.value.text.en
    return caught.value


def login(name: str, password: str = "", new: str = "") -> bytes:
    """A login document."""
    changed = f"<newPW>{new}</newPW>" if new else ""
    return (
        '<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><command><login>'
        f"<clID>{name}</clID><pw>{password or REGISTRARS[name]}</pw>{changed}<options><version>1.0</version><lang>en</lang></options>"
        f"<svcs>{SERVICES}</svcs></login><clTRID>log-in</clTRID></command></epp>"
    ).encode()


def at_door(runner: Runner, key: str = A, address: str = HERE, ends: datetime = ENDS, **parts: Any) -> Conversation:
    """A conversation from an address, with the key of that name."""
    return Conversation(runner, Peer(address, key_of(key) if key else None, ends), **parts)


async def enter(
    runner: Runner, name: str = A, password: str = "", key: str = A, address: str = HERE, **parts: Any
) -> Conversation:
    """The same, logged in."""
    session = at_door(runner, key, address, **parts)
    assert code_of(await ask(session, login(name, password))) == 1000
    return session


async def ask(session: Conversation, document: bytes) -> bytes:
    """What it answers."""
    return (await session.reply(document)).document


def code_of(answer: bytes) -> int:
    """The result code."""
    return int(answer.split(b'code="', 1)[1][:4])


async def soon(holds: Callable[[], Awaitable[bool]], seconds: float = 5.0) -> bool:
    """Whether it comes true within the time; asked again and again."""
    async with asyncio.timeout(seconds):
        while not await holds():  # noqa: ASYNC110  # what is waited for happens in the product, which tells nobody
            await asyncio.sleep(0.02)
    return True
