"""Where registrars come from: IPv4 and IPv6, in either dress; at connect, at login, in sessions; and nobody is shut out by mistake."""

import asyncio
import ssl
from datetime import timedelta

import pytest

from registry.epp.command_log import CommandLog
from registry.epp.places import Places
from registry.epp.server import _plain
from registry.flows.registrar.networks import (
    AddNetwork,
    DecideNetwork,
    add_network,
    approve_network,
    propose_network,
    propose_removal,
    read_network,
    refuse_network,
    remove_network,
)
from registry.flows.registrar.users import CreateUser, create_user
from registry.flows.runner import Runner
from registry.kernel.errors import Reason, Refusal
from registry.model.registrar import is_within, plain_address
from tests.epp import phrases as say
from tests.epp.tls_world import Door
from tests.epp.world import TEST_ZONE, build_world
from tests.kit.clock import FakeClock
from tests.registrars.place import OPERATOR, PASSWORD, A, B, act, ask, at_door, code_of, enter, login, refuses, soon

CHECK = say.named("domain", "check", f"free.{TEST_ZONE}")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("192.0.2.0/24", "192.0.2.0/24"), ("192.0.2.77/24", "192.0.2.0/24"), ("192.0.2.7", "192.0.2.7/32"),
        ("2001:db8::/32", "2001:db8::/32"), ("::ffff:192.0.2.0/120", "192.0.2.0/24"), ("::ffff:192.0.2.7", "192.0.2.7/32"),
        (" 10.0.0.0/8 ", "10.0.0.0/8"),
    ],
)  # fmt: skip
def test_a_network_is_read(typed: str, read: str) -> None:
    """Host bits are dropped, one address is a network, and IPv4 in the dress of IPv6 becomes itself."""
    assert str(read_network(typed)) == read


@pytest.mark.parametrize(
    "typed", ["", "192.0.2.0/33", "192.0.2", "::/129", "all", "0.0.0.0/0", "::/0", "1.2.3.4/24/8", "x" * 500]
)
def test_what_is_no_network_is_refused(typed: str) -> None:
    """Nonsense, and a network that lets in everybody, is refused."""
    with pytest.raises(Refusal) as caught:
        read_network(typed)
    assert caught.value.reason is Reason.VALUE_INVALID
    assert len(caught.value.value) <= 60


@pytest.mark.parametrize(
    ("address", "network", "inside"),
    [
        ("192.0.2.1", "192.0.2.0/24", True), ("::ffff:192.0.2.1", "192.0.2.0/24", True), ("::FFFF:c000:0201", "192.0.2.0/24", True),
        ("192.0.3.1", "192.0.2.0/24", False), ("2001:db8::1", "192.0.2.0/24", False), ("2001:db8::1%eth0", "2001:db8::/64", True),
        ("::ffff:192.0.2.1", "2001:db8::/32", False), ("::192.0.2.1", "192.0.2.0/24", False), ("", "192.0.2.0/24", False),
        ("nonsense", "192.0.2.0/24", False),
    ],
)  # fmt: skip
def test_who_is_inside(address: str, network: str, inside: bool) -> None:
    """A mapped address is the IPv4 one; what is no address is nowhere."""
    assert is_within(plain_address(address), (read_network(network),)) is inside


def test_a_mapped_peer_is_named_as_ipv4() -> None:
    """What a dual-stack socket tells is written down as the IPv4 address that it is."""
    assert [_plain(one) for one in ("::ffff:192.0.2.1", "192.0.2.1", "2001:DB8::1", "")] == [
        "192.0.2.1",
        "192.0.2.1",
        "2001:db8::1",
        "",
    ]


async def test_a_list_shuts_out_the_rest_at_login(runner: Runner, clock: FakeClock) -> None:
    """Without a list everybody comes in; with one, only its networks, mapped or not; the refusal is the one of a wrong password."""
    await build_world(runner)
    await enter(runner, address="203.0.113.9")
    for network in ("192.0.2.0/24", "2001:db8:1::/48"):
        await act(runner, OPERATOR, add_network, AddNetwork(A, network, is_forced=True))
    for address in ("192.0.2.200", "::ffff:192.0.2.200", "2001:db8:1::7"):
        await enter(runner, address=address)
    said = set()
    for address in ("203.0.113.9", "2001:db8:2::7", "::ffff:203.0.113.9", "::192.0.2.200"):
        answer = await ask(at_door(runner, address=address), login(A))
        assert code_of(answer) == 2200
        said.add(answer.split(b"<svTRID>")[0])
    wrong = await ask(at_door(runner), login(A, "wrong-password"))
    assert said == {wrong.split(b"<svTRID>")[0]}
    await enter(runner, B, key=B, address="203.0.113.9")


async def test_a_users_own_list_binds_it_alone(runner: Runner) -> None:
    """Both lists must let a user in; the registrar's own login goes by the registrar's list."""
    await build_world(runner)
    await act(runner, A, create_user, CreateUser(A, "clerk-1", PASSWORD))
    await act(runner, OPERATOR, add_network, AddNetwork(A, "192.0.2.0/24"))
    await act(runner, OPERATOR, add_network, AddNetwork(A, "192.0.2.8/29", "clerk-1"))
    await enter(runner, address="192.0.2.77")
    await enter(runner, "clerk-1", PASSWORD, address="192.0.2.9")
    assert code_of(await ask(at_door(runner, address="192.0.2.77"), login("clerk-1", PASSWORD))) == 2200


async def test_a_session_from_outside_ends_when_the_list_begins(runner: Runner, clock: FakeClock) -> None:
    """A list counts at once: a session from elsewhere is told 2501 at its next command."""
    await build_world(runner)
    session = await enter(runner, address="203.0.113.9")
    await act(runner, OPERATOR, add_network, AddNetwork(A, "192.0.2.0/24", is_forced=True))
    await clock.move(seconds=2)
    assert code_of(await ask(session, CHECK)) == 2501


async def test_a_known_key_from_a_wrong_network_gets_no_greeting(door: Door) -> None:
    """At connect: the key's owner does not come from there, so the connection is cut before anything is said; others connect."""
    await act(door.runner, OPERATOR, add_network, AddNetwork(A, "192.0.2.0/24", is_forced=True))

    async def is_cut() -> bool:
        try:
            await door.connect(A)
        except (OSError, EOFError, ssl.SSLError, asyncio.IncompleteReadError):
            return True
        return False

    assert await soon(is_cut)
    assert b"greeting" in (await door.connect(B)).greeting
    assert b"greeting" in (await door.connect("")).greeting


async def test_nobody_is_shut_out_by_mistake(runner: Runner, clock: FakeClock) -> None:
    """A list that leaves out an address in use, now or yesterday, is refused with the address; an operator may insist."""
    await build_world(runner)
    places, log = Places(runner), CommandLog(runner)
    await places.begin()
    place = places.of("203.0.113.9")
    await enter(runner, address="203.0.113.9", admit=place.take, log=log)
    await enter(runner, address="192.0.2.5", log=log)
    await log.flush()
    order = AddNetwork(A, "192.0.2.0/24")
    refusal = await refuses(runner, OPERATOR, add_network, order, Reason.STATUS_FORBIDS)
    assert "203.0.113.9" in refusal.text.en
    assert "192.0.2.5" not in refusal.text.en
    await places.end()
    await refuses(runner, OPERATOR, add_network, order, Reason.STATUS_FORBIDS)
    clock.set(clock.now() + timedelta(days=2))
    number = await act(runner, OPERATOR, add_network, order)
    other = await act(runner, OPERATOR, add_network, AddNetwork(A, "198.51.100.0/24"))
    await enter(runner, address="192.0.2.5", log=log)
    await log.flush()
    removal = DecideNetwork(number, "迁移")
    await refuses(runner, OPERATOR, remove_network, removal, Reason.STATUS_FORBIDS)
    await act(runner, OPERATOR, remove_network, DecideNetwork(other, "迁移"))
    await act(runner, OPERATOR, remove_network, removal)  # the last one: an empty list lets everybody in again
    await enter(runner, address="203.0.113.9")


async def test_a_registrar_proposes_and_an_operator_decides(runner: Runner) -> None:
    """A proposal changes nothing until an operator agrees; he hears of it, and the registrar of his decision."""
    await build_world(runner)
    await act(runner, OPERATOR, add_network, AddNetwork(A, "192.0.2.0/24"))
    number = await act(runner, A, propose_network, AddNetwork(A, "203.0.113.0/24", note="新机房"))
    outside = at_door(runner, address="203.0.113.9")
    assert code_of(await ask(outside, login(A))) == 2200
    await refuses(runner, A, approve_network, DecideNetwork(number, "x"), Reason.NOT_PERMITTED)
    await refuses(runner, B, propose_network, AddNetwork(A, "203.0.113.0/24"), Reason.NOT_PERMITTED)
    await refuses(runner, A, propose_network, AddNetwork(A, "203.0.113.0/24"), Reason.ALREADY_EXISTS)
    await refuses(runner, B, propose_removal, number, Reason.NOT_FOUND)
    await refuses(runner, OPERATOR, approve_network, DecideNetwork(number, ""), Reason.PARAMETER_MISSING)
    await act(runner, OPERATOR, approve_network, DecideNetwork(number, "同意"))
    await enter(runner, address="203.0.113.9")
    await act(runner, A, propose_removal, number)
    await enter(runner, address="203.0.113.9")
    await act(runner, OPERATOR, refuse_network, DecideNetwork(number, "仍在使用"))
    assert await runner.db.fetchval("select state from registrar_network where id = $1", number) == "active"
    kinds = [
        row["kind"] for row in await runner.db.fetch("select kind from notice where recipient = 'operator' order by id")
    ]
    assert kinds == ["registrar.network_proposed"] * 2
