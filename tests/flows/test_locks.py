"""Registry lock: two people, the domain with its bundle, and every way around it through hosts."""

from collections.abc import Callable
from typing import Any

import pytest

from registry.flows.act import Act, Caller
from registry.flows.domain.delete import DeleteDomain, delete_domain
from registry.flows.domain.info import InfoDomain, info_domain
from registry.flows.domain.renew import RenewDomain, renew_domain
from registry.flows.domain.transfer import TransferDomain, transfer_domain
from registry.flows.domain.update import UpdateDomain, update_domain
from registry.flows.host.create import AddressText, CreateHost, create_host
from registry.flows.host.delete import DeleteHost, delete_host
from registry.flows.host.info import InfoHost, info_host
from registry.flows.host.update import UpdateHost, update_host
from registry.flows.lock.confirm import close_window, confirm_lock, withdraw_lock
from registry.flows.lock.propose import ProposeLock, propose_lock
from registry.flows.lock.show import show_lock_orders
from registry.kernel.errors import Reason, Refusal
from registry.model.lock import LOCK_STATUSES, LockMove
from registry.model.person import Person, Role
from tests.flows.world import STRONG, TEST, V4, A, B, World
from tests.kit.clock import FakeClock

NAME = f"locked.{TEST}"
HOST = f"ns1.{NAME}"
WANG, LI = Person("wang", Role.OPERATOR), Person("li", Role.SECURITY_OFFICER)
SOMEBODY = Person("zhao", Role.AUDITOR)


async def by(world: World, person: Person, flow: Callable[..., Any], *args: Any) -> Any:
    async def run(act: Act) -> Any:
        return await flow(act, person, *args)

    return await world.runner.run(Caller("person", person.username), run)


async def moved(world: World, move: LockMove, hours: int = 4) -> None:
    order = await by(world, WANG, propose_lock, ProposeLock(NAME, move, "重点保护", hours))
    await by(world, LI, confirm_lock, order.id)


async def refused(world: World, person: Person, reason: Reason, flow: Callable[..., Any], *args: Any) -> None:
    with pytest.raises(Refusal) as caught:
        await by(world, person, flow, *args)
    assert caught.value.reason is reason


@pytest.fixture
async def locked(world: World) -> World:
    """A domain with a host below it that it delegates to, under lock."""
    await world.domain(NAME)
    await world.host(HOST, V4)
    await world.host("ns2.rst.icann")
    await world.do(A, update_domain, UpdateDomain(NAME, add_hosts=(HOST, "ns2.rst.icann"), auth=STRONG))
    await moved(world, LockMove.LOCK)
    return world


async def test_a_lock_is_two_peoples(world: World) -> None:
    """One proposes and another confirms; nobody confirms his own; other roles do neither."""
    await world.domain(NAME)
    await refused(world, SOMEBODY, Reason.NOT_PERMITTED, propose_lock, ProposeLock(NAME, LockMove.LOCK, "x"))
    order = await by(world, WANG, propose_lock, ProposeLock(NAME, LockMove.LOCK, "重点保护"))
    await refused(world, LI, Reason.ALREADY_EXISTS, propose_lock, ProposeLock(NAME, LockMove.LOCK, "也要锁"))
    await refused(world, WANG, Reason.NOT_PERMITTED, confirm_lock, order.id)
    await refused(world, SOMEBODY, Reason.NOT_PERMITTED, confirm_lock, order.id)
    assert LOCK_STATUSES.isdisjoint((await world.do(A, info_domain, InfoDomain(NAME))).statuses)
    await by(world, LI, confirm_lock, order.id)
    assert (await world.do(A, info_domain, InfoDomain(NAME))).statuses >= LOCK_STATUSES
    await refused(world, LI, Reason.STATUS_FORBIDS, confirm_lock, order.id)
    told = await world.runner.db.fetchrow("select kind, payload from poll_message where registrar_id = $1", A)
    assert told
    assert (told["kind"], told["payload"]["who"], told["payload"]["reason"]) == (
        "domain.changed",
        "person:li",
        "重点保护",
    )


async def test_a_locked_domain_is_nobodys_to_change(locked: World) -> None:
    """Neither its registrar nor an operator alone updates, deletes or transfers it; a renewal hurts nobody."""
    operator = Caller("person", "wang", may_override=True)
    for who in (A, operator):
        await locked.refused(
            who, update_domain, UpdateDomain(NAME, add_statuses=("clientHold",)), Reason.STATUS_FORBIDS
        )
        await locked.refused(who, update_domain, UpdateDomain(NAME, rem_hosts=(HOST,)), Reason.STATUS_FORBIDS)
        await locked.refused(who, delete_domain, DeleteDomain(NAME), Reason.STATUS_FORBIDS)
    await locked.refused(B, transfer_domain, TransferDomain("request", NAME, auth=STRONG), Reason.STATUS_FORBIDS)
    expiry = (await locked.do(A, info_domain, InfoDomain(NAME))).domain.expires_at.date()
    assert await locked.do(A, renew_domain, RenewDomain(NAME, expiry, 1))


@pytest.mark.parametrize(
    ("flow", "order"),
    [
        (update_host, UpdateHost(HOST, add_addresses=(AddressText("208.77.190.200"),))),
        (update_host, UpdateHost(HOST, new_name="ns9.rst.icann")),
        (update_host, UpdateHost(HOST, ttls={"A": 60})),
        (update_host, UpdateHost("ns2.rst.icann", new_name="ns3.rst.icann")),
        (update_host, UpdateHost("ns7.rst.icann", new_name=f"ns7.{NAME}")),
        (delete_host, DeleteHost(HOST)),
        (create_host, CreateHost(f"ns8.{NAME}", (V4,))),
    ],
)
async def test_no_host_is_a_way_around_the_lock(locked: World, flow: Any, order: Any) -> None:
    """Hosts below a locked name are not re-addressed, renamed, deleted or created; one that it delegates to elsewhere keeps its name."""
    await locked.host("ns7.rst.icann")
    await locked.refused(A, flow, order, Reason.STATUS_FORBIDS)
    shown = (await locked.do(A, info_host, InfoHost(HOST))).statuses
    assert shown == {"serverDeleteProhibited", "serverUpdateProhibited"}


async def test_a_window_opens_and_shuts_by_itself(locked: World, clock: FakeClock) -> None:
    """For its hours everything may be changed, then the lock holds again without anybody's doing."""
    await moved(locked, LockMove.OPEN, hours=2)
    await locked.do(A, update_host, UpdateHost(HOST, add_addresses=(AddressText("208.77.190.200"),)))
    await locked.do(A, update_domain, UpdateDomain(NAME, rem_hosts=("ns2.rst.icann",)))
    await clock.move(hours=2)
    await locked.refused(A, update_domain, UpdateDomain(NAME, auth=""), Reason.STATUS_FORBIDS)
    await moved(locked, LockMove.RELEASE)
    await locked.do(A, update_domain, UpdateDomain(NAME, auth=""))


async def test_one_person_may_shut_a_window(locked: World) -> None:
    """The safe direction needs no second person; and what was proposed before it is void."""
    await moved(locked, LockMove.OPEN)
    order = await by(locked, WANG, propose_lock, ProposeLock(NAME, LockMove.RELEASE, "不再需要"))
    await by(locked, WANG, close_window, NAME, "提前完成")
    await locked.refused(A, update_domain, UpdateDomain(NAME, auth=""), Reason.STATUS_FORBIDS)
    await refused(locked, LI, Reason.STATUS_FORBIDS, confirm_lock, order.id)
    await refused(locked, WANG, Reason.STATUS_FORBIDS, close_window, NAME, "再关")


async def test_an_unlock_does_not_complete_over_a_newer_lock(locked: World, clock: FakeClock) -> None:
    """A proposal speaks of the lock as it was; one that was put on anew meanwhile stands."""
    order = await by(locked, WANG, propose_lock, ProposeLock(NAME, LockMove.OPEN, "换服务器"))
    await locked.runner.db.execute(
        "update domain set lock = jsonb_set(lock, '{since}', to_jsonb($1::text))",
        clock.now().isoformat().replace("T01", "T02"),
    )
    await refused(locked, LI, Reason.STATUS_FORBIDS, confirm_lock, order.id)


async def test_a_proposal_ends_by_time_or_by_hand(world: World, clock: FakeClock) -> None:
    """After a week nobody can confirm it and another may be proposed; and whoever may keep locks may take one back."""
    await world.domain(NAME)
    old = await by(world, WANG, propose_lock, ProposeLock(NAME, LockMove.LOCK, "重点保护"))
    await clock.move(days=8)
    await refused(world, LI, Reason.STATUS_FORBIDS, confirm_lock, old.id)
    new = await by(world, WANG, propose_lock, ProposeLock(NAME, LockMove.LOCK, "重点保护"))
    await by(world, LI, withdraw_lock, new.id)
    await refused(world, LI, Reason.STATUS_FORBIDS, confirm_lock, new.id)
    assert [one.state for one in await by_list(world)] == ["withdrawn", "void"]


async def by_list(world: World) -> Any:
    async def show(act: Act) -> Any:
        return await show_lock_orders(act, WANG, only_waiting=False)

    return await world.runner.run(Caller("person", "wang"), show)


async def test_what_makes_no_sense_is_not_proposed(world: World) -> None:
    """A window of a name that is not locked, a lock twice, too many hours, no reason, no such name, a transfer under way."""
    await refused(world, WANG, Reason.NOT_FOUND, propose_lock, ProposeLock(NAME, LockMove.LOCK, "x"))
    await world.domain(NAME)
    await refused(world, WANG, Reason.STATUS_FORBIDS, propose_lock, ProposeLock(NAME, LockMove.OPEN, "x"))
    await refused(world, WANG, Reason.VALUE_OUT_OF_RANGE, propose_lock, ProposeLock(NAME, LockMove.OPEN, "x", 100))
    await refused(world, WANG, Reason.PARAMETER_MISSING, propose_lock, ProposeLock(NAME, LockMove.LOCK, " "))
    await world.do(A, update_domain, UpdateDomain(NAME, auth=STRONG))
    await world.do(B, transfer_domain, TransferDomain("request", NAME, auth=STRONG))
    await refused(world, WANG, Reason.STATUS_FORBIDS, propose_lock, ProposeLock(NAME, LockMove.LOCK, "x"))
    await world.do(A, transfer_domain, TransferDomain("reject", NAME))
    await moved(world, LockMove.LOCK)
    await refused(world, WANG, Reason.STATUS_FORBIDS, propose_lock, ProposeLock(NAME, LockMove.LOCK, "x"))
