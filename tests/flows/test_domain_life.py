"""The life of a domain as dated stories: add, renew, auto-renew, transfer, redemption, purge (RFC 5731, RFC 3915)."""

import asyncio
from datetime import UTC, date, datetime, timedelta

from registry.flows.act import Caller
from registry.flows.domain.check import CheckDomains, check_domains
from registry.flows.domain.delete import DeleteDomain, delete_domain
from registry.flows.domain.info import InfoDomain, info_domain
from registry.flows.domain.purge import PurgeDomain, purge_domain
from registry.flows.domain.renew import RenewDomain, renew_domain
from registry.flows.domain.restore import RestoreDomain, restore_domain
from registry.flows.domain.settle import SettleDomain, settle_domain
from registry.flows.domain.transfer import TransferDomain, transfer_domain
from registry.flows.domain.update import UpdateDomain, update_domain
from registry.flows.host.create import CreateHost, create_host
from registry.flows.host.delete import DeleteHost, delete_host
from registry.flows.host.info import InfoHost, info_host
from registry.kernel.errors import Reason, Refusal
from registry.model.answer import DomainView
from tests.flows.world import STRONG, TEST, V4, WEAK, A, B, C, World
from tests.kit.clock import START, FakeClock

NAME = f"story.{TEST}"
JOB = Caller("job", "life")
OPERATOR = Caller("person", "operator", may_override=True)
FIRST = START.replace(year=START.year + 1)  # the expiry of a name of one year
FIRST_DAY = FIRST.date()


async def seen(world: World, registrar: str = A, name: str = NAME) -> DomainView:
    return await world.do(registrar, info_domain, InfoDomain(name))


async def ask(world: World, years: int | None = None, auth: str | None = STRONG, registrar: str = B) -> None:
    await world.do(registrar, transfer_domain, TransferDomain("request", NAME, years, auth))


async def ready_to_go(world: World) -> None:
    await world.domain(NAME)
    await world.do(A, update_domain, UpdateDomain(NAME, auth=STRONG))


async def test_a_renewal_adds_its_years_and_a_grace(world: World) -> None:
    """RST epp-18: the expiry grows by exactly the period; renewPeriod stands beside addPeriod (erratum 8305)."""
    created = await world.domain(NAME)
    renewed = await world.do(A, renew_domain, RenewDomain(NAME, FIRST.date(), 3))
    view = await seen(world)
    assert renewed.expires_at == view.domain.expires_at == FIRST.replace(year=FIRST.year + 3)
    assert view.rgp_statuses == ("addPeriod", "renewPeriod")
    assert await world.kinds(created.roid) == ["domain.created", "domain.renewed"]


async def test_a_renewal_is_refused_where_rst_wants_it(world: World) -> None:
    """A wrong present expiry, a bad period, more than ten years ahead, another registrar, a status, an unknown name."""
    await world.domain(NAME)

    async def refuse(reason: Reason, years: int, expiry: date = FIRST_DAY, registrar: str = A) -> None:
        await world.refused(registrar, renew_domain, RenewDomain(NAME, expiry, years), reason)

    await refuse(Reason.POLICY_FORBIDS, 1, date(2000, 1, 1))
    for years in (0, -1, 10, 11, 99):
        await refuse(Reason.VALUE_OUT_OF_RANGE, years)
    await refuse(Reason.NOT_PERMITTED, 1, registrar=B)
    await world.refused(A, renew_domain, RenewDomain(f"no.{TEST}", FIRST.date(), 1), Reason.NOT_FOUND)
    await world.do(A, renew_domain, RenewDomain(NAME, FIRST.date(), 9))
    await refuse(Reason.VALUE_OUT_OF_RANGE, 1, FIRST.replace(year=FIRST.year + 9).date())
    await world.do(A, update_domain, UpdateDomain(NAME, add_statuses=("clientRenewProhibited",)))
    await refuse(Reason.STATUS_FORBIDS, 1, FIRST.replace(year=FIRST.year + 9).date())


async def test_renewing_twice_at_once_renews_once(world: World) -> None:
    """Eight equal renewals at the same time: the present expiry lets one through."""
    await world.domain(NAME)
    orders = [world.do(A, renew_domain, RenewDomain(NAME, FIRST.date(), 1)) for _ in range(8)]
    outcomes = await asyncio.gather(*orders, return_exceptions=True)
    assert [one.reason for one in outcomes if isinstance(one, Refusal)] == [Reason.POLICY_FORBIDS] * 7
    assert (await seen(world)).domain.expires_at == FIRST.replace(year=FIRST.year + 1)


async def test_an_expired_name_lives_on(world: World, clock: FakeClock) -> None:
    """A date takes no name down: on its expiry it is renewed by a year, and the same is true before and after the job wrote it."""
    created = await world.domain(NAME)
    clock.set(FIRST - timedelta(seconds=1))
    assert not await world.do(JOB, settle_domain, SettleDomain(NAME))
    assert (await seen(world)).rgp_statuses == ()
    clock.set(FIRST)
    computed = await seen(world)
    assert await world.do(JOB, settle_domain, SettleDomain(NAME))
    written = await seen(world)
    assert computed == written
    assert (written.domain.expires_at, written.rgp_statuses) == (
        FIRST.replace(year=FIRST.year + 1),
        ("autoRenewPeriod",),
    )
    assert await world.kinds(created.roid) == ["domain.created", "domain.renewed"]
    await clock.move(days=45)
    assert (await seen(world)).rgp_statuses == ()
    clock.set(FIRST.replace(year=FIRST.year + 3))
    assert (await seen(world)).domain.expires_at == FIRST.replace(year=FIRST.year + 4)
    await world.refused(JOB, settle_domain, SettleDomain(f"no.{TEST}"), Reason.NOT_FOUND)


async def test_deleted_in_its_add_period_a_test_name_is_free_at_once(world: World, clock: FakeClock) -> None:
    """RST epp-21: 1000, info is 2303, its contacts and hosts can go, and anybody may have the name."""
    await world.host("ns1.rst.icann")
    await world.contact("c-9")
    created = await world.domain(NAME, registrant="c-9", hosts=("ns1.rst.icann",))
    await clock.move(days=4, hours=23)
    assert not (await world.do(A, delete_domain, DeleteDomain(NAME))).is_pending
    await world.refused(A, info_domain, InfoDomain(NAME), Reason.NOT_FOUND)
    assert await world.kinds(created.roid) == ["domain.created", "domain.purged"]
    assert await world.detail("domain.purged") == {"names": [NAME], "zone": TEST}
    await world.do(A, delete_host, DeleteHost("ns1.rst.icann"))
    again = await world.domain(NAME, B)
    assert again.roid != created.roid
    assert (await world.written())["retired_name"] == 0


async def test_deleted_later_it_goes_through_redemption(world: World, clock: FakeClock) -> None:
    """Pending delete with redemption for thirty days, then pending delete for five, then the job may purge it."""
    await world.host("ns1.rst.icann")
    created = await world.domain(NAME, hosts=("ns1.rst.icann",))
    await clock.move(days=5)
    assert (await world.do(A, delete_domain, DeleteDomain(NAME))).is_pending
    view = await seen(world)
    assert (view.statuses, view.rgp_statuses) == ({"pendingDelete"}, ("redemptionPeriod",))
    assert await world.runner.db.fetchval("select count(*) from published.delegation") == 0
    for flow, order in (
        (delete_domain, DeleteDomain(NAME)),
        (update_domain, UpdateDomain(NAME, auth="")),
        (renew_domain, RenewDomain(NAME, FIRST.date(), 1)),
        (create_host, CreateHost(f"ns1.{NAME}", (V4,))),
    ):
        await world.refused(A, flow, order, Reason.STATUS_FORBIDS)  # type: ignore[arg-type]
    await clock.move(days=30)
    assert (await seen(world)).rgp_statuses == ("pendingDelete",)
    await world.refused(JOB, purge_domain, PurgeDomain(NAME), Reason.STATUS_FORBIDS)
    await world.refused(A, purge_domain, PurgeDomain(NAME), Reason.NOT_PERMITTED)
    await world.refused(A, restore_domain, RestoreDomain(NAME), Reason.STATUS_FORBIDS)
    await clock.move(days=5)
    await world.do(JOB, purge_domain, PurgeDomain(NAME))
    await world.refused(A, info_domain, InfoDomain(NAME), Reason.NOT_FOUND)
    assert await world.kinds(created.roid) == ["domain.created", "domain.deleted", "domain.purged"]
    checked = await world.do(A, check_domains, CheckDomains((NAME,)))
    assert checked[NAME].available


async def test_a_deleted_name_comes_back_while_redemption_runs(world: World, clock: FakeClock) -> None:
    """Restored by its sponsor only, and renewed when it expired meanwhile."""
    await world.domain(NAME)
    clock.set(FIRST - timedelta(days=10))
    await world.refused(A, restore_domain, RestoreDomain(NAME), Reason.STATUS_FORBIDS)
    await world.do(A, delete_domain, DeleteDomain(NAME))
    clock.set(FIRST + timedelta(days=10))
    await world.refused(B, restore_domain, RestoreDomain(NAME), Reason.NOT_PERMITTED)
    await world.do(A, restore_domain, RestoreDomain(NAME))
    view = await seen(world)
    assert view.statuses == {"inactive"}
    assert view.domain.expires_at == FIRST.replace(year=FIRST.year + 1)


async def test_a_delete_is_refused_where_it_would_hurt(world: World) -> None:
    """Another registrar, a prohibiting status, hosts below the name, a pending transfer, an unknown name."""
    await ready_to_go(world)
    await world.refused(B, delete_domain, DeleteDomain(NAME), Reason.NOT_PERMITTED)
    await world.refused(A, delete_domain, DeleteDomain(f"no.{TEST}"), Reason.NOT_FOUND)
    await world.do(A, update_domain, UpdateDomain(NAME, add_statuses=("clientDeleteProhibited",)))
    await world.refused(A, delete_domain, DeleteDomain(NAME), Reason.STATUS_FORBIDS)
    await world.do(A, update_domain, UpdateDomain(NAME, rem_statuses=("clientDeleteProhibited",)))
    await world.host(f"ns1.{NAME}", V4)
    await world.refused(A, delete_domain, DeleteDomain(NAME), Reason.LINKED)
    await world.do(A, delete_host, DeleteHost(f"ns1.{NAME}"))
    await ask(world)
    await world.refused(A, delete_domain, DeleteDomain(NAME), Reason.STATUS_FORBIDS)


async def test_a_transfer_that_is_approved(world: World, clock: FakeClock) -> None:
    """RST epp-19: pending, then the gaining registrar's with a year more, its hosts too, no secret, transferPeriod, both told."""
    await ready_to_go(world)
    await world.host(f"ns1.{NAME}", V4)
    await ask(world)
    assert "pendingTransfer" in (await seen(world)).statuses
    state = await world.do(B, transfer_domain, TransferDomain("query", NAME))
    assert (state.status, state.transfer.gaining, state.transfer.losing) == ("pending", B, A)
    assert state.transfer.acts_at == clock.now() + timedelta(days=5)
    await clock.move(days=1)
    done = await world.do(A, transfer_domain, TransferDomain("approve", NAME))
    view = await seen(world, B)

    assert (done.status, done.expires_at, done.transfer.acts_at) == (
        "clientApproved",
        view.domain.expires_at,
        clock.now(),
    )
    assert (view.domain.registrar_id, view.domain.auth_hash, view.domain.transferred_at) == (B, "", clock.now())
    assert view.domain.expires_at == FIRST.replace(year=FIRST.year + 1)
    assert (view.rgp_statuses, "pendingTransfer" in view.statuses) == (("transferPeriod",), False)
    host = await world.do(B, info_host, InfoHost(f"ns1.{NAME}"))
    assert host.registrar_id == B
    assert await world.kinds(host.roid) == ["host.created", "host.transferred"]
    told = await world.runner.db.fetch(
        "select registrar_id, payload ->> 'status' as status from poll_message order by id"
    )
    assert [tuple(row) for row in told] == [(A, "pending"), (B, "clientApproved"), (A, "clientApproved")]
    await world.refused(A, update_domain, UpdateDomain(NAME, auth=STRONG), Reason.NOT_PERMITTED)
    await world.refused(C, transfer_domain, TransferDomain("request", NAME, 1, STRONG), Reason.AUTHINFO_WRONG)
    assert (await world.kinds(view.domain.roid))[-1] == "domain.transferred"


async def test_a_transfer_that_is_rejected_or_cancelled_changes_nothing(world: World) -> None:
    """RST epp-20: sponsor, expiry and secret stay; the other side is told."""
    await ready_to_go(world)
    for operation, registrar, other in (("reject", A, B), ("cancel", B, A)):
        await ask(world)
        state = await world.do(registrar, transfer_domain, TransferDomain(operation, NAME))  # type: ignore[arg-type]
        assert state.status == {"reject": "clientRejected", "cancel": "clientCancelled"}[operation]
        view = await seen(world)
        assert (view.domain.registrar_id, view.domain.expires_at) == (A, FIRST)
        assert "pendingTransfer" not in view.statuses
        last = await world.runner.db.fetchrow("select registrar_id, payload from poll_message order by id desc limit 1")
        assert last
        assert (last["registrar_id"], last["payload"]["status"]) == (other, state.status)


async def test_a_transfer_that_nobody_answers_is_approved(world: World, clock: FakeClock) -> None:
    """After five days the name is the gaining registrar's, for whoever looks, and the same when the job writes it late."""
    await ready_to_go(world)
    await ask(world, years=2)
    await clock.move(days=4, hours=23, minutes=59)
    assert (await seen(world)).domain.registrar_id == A
    await clock.move(minutes=1)
    computed = await seen(world, B)
    await clock.move(days=3)
    assert await world.do(JOB, settle_domain, SettleDomain(NAME))
    view = await seen(world, B)

    assert computed.domain == view.domain
    assert view.domain.registrar_id == B
    assert view.domain.transferred_at == START + timedelta(days=5)
    assert view.domain.expires_at == FIRST.replace(year=FIRST.year + 2)
    told = await world.runner.db.fetch(
        "select registrar_id, payload ->> 'status' as status from poll_message order by id"
    )
    assert [tuple(row) for row in told][1:] == [(A, "serverApproved"), (B, "serverApproved")]
    await world.refused(A, transfer_domain, TransferDomain("reject", NAME), Reason.TRANSFER_NOT_PENDING)


async def test_the_next_act_finds_a_lapsed_transfer_done(world: World, clock: FakeClock) -> None:
    """Without any job, the losing registrar's late reject and update are refused, the gaining one's update is taken."""
    await ready_to_go(world)
    await ask(world)
    await clock.move(days=6)
    await world.refused(A, transfer_domain, TransferDomain("reject", NAME), Reason.TRANSFER_NOT_PENDING)
    await world.refused(A, update_domain, UpdateDomain(NAME, auth=""), Reason.NOT_PERMITTED)
    await world.do(B, update_domain, UpdateDomain(NAME, add_statuses=("clientTransferProhibited",)))
    view = await seen(world, B)
    assert (await world.kinds(view.domain.roid))[-2:] == ["domain.transferred", "domain.updated"]


async def test_a_transfer_request_is_refused_where_rst_wants_it(world: World, clock: FakeClock) -> None:
    """Wrong, weak, missing, unset or expired secret; too many years; own name; pending already; prohibited; unknown."""
    await world.domain(NAME)

    async def refuse(reason: Reason, years: int = 1, auth: str | None = STRONG, registrar: str = B) -> None:
        await world.refused(registrar, transfer_domain, TransferDomain("request", NAME, years, auth), reason)

    await refuse(Reason.AUTHINFO_WRONG)
    await world.refused(A, update_domain, UpdateDomain(NAME, auth=WEAK), Reason.POLICY_FORBIDS)
    await world.do(A, update_domain, UpdateDomain(NAME, auth=STRONG))
    for auth in (None, "", "wrong", STRONG + "x"):
        await refuse(Reason.AUTHINFO_WRONG, auth=auth)
    for years in (0, 10, 11):
        await refuse(Reason.VALUE_OUT_OF_RANGE, years)
    await refuse(Reason.NOT_TRANSFERABLE, registrar=A)
    await world.refused(B, transfer_domain, TransferDomain("request", f"no.{TEST}"), Reason.NOT_FOUND)
    await world.runner.db.execute("update registrar set status = 'suspended' where id = $1", C)
    await refuse(Reason.NOT_PERMITTED, registrar=C)
    await world.do(A, update_domain, UpdateDomain(NAME, add_statuses=("clientTransferProhibited",)))
    await refuse(Reason.STATUS_FORBIDS)
    await world.do(A, update_domain, UpdateDomain(NAME, rem_statuses=("clientTransferProhibited",)))
    await ask(world)
    await refuse(Reason.TRANSFER_PENDING)
    await world.refused(A, update_domain, UpdateDomain(NAME, auth=""), Reason.STATUS_FORBIDS)
    await world.do(A, transfer_domain, TransferDomain("reject", NAME))
    await clock.move(days=31)
    await refuse(Reason.AUTHINFO_WRONG)


async def test_each_side_of_a_transfer_has_its_own_say(world: World) -> None:
    """Approve and reject are the sponsor's, cancel the gaining registrar's; a third one sees it with the secret only."""
    await ready_to_go(world)
    for operation in ("approve", "reject", "cancel", "query"):
        await world.refused(A, transfer_domain, TransferDomain(operation, NAME), Reason.TRANSFER_NOT_PENDING)  # type: ignore[arg-type]
    await ask(world)
    await world.refused(B, transfer_domain, TransferDomain("approve", NAME), Reason.NOT_PERMITTED)
    await world.refused(B, transfer_domain, TransferDomain("reject", NAME), Reason.NOT_PERMITTED)
    await world.refused(A, transfer_domain, TransferDomain("cancel", NAME), Reason.NOT_PERMITTED)
    await world.refused(C, transfer_domain, TransferDomain("query", NAME), Reason.AUTHINFO_WRONG)
    assert (await world.do(C, transfer_domain, TransferDomain("query", NAME, auth=STRONG))).status == "pending"
    assert (await world.do(OPERATOR, transfer_domain, TransferDomain("approve", NAME))).status == "serverApproved"


async def test_of_two_who_ask_one_waits(world: World) -> None:
    """Ten requests by two registrars at once: one is pending, nine hear that it is."""
    await ready_to_go(world)
    orders = [ask(world, registrar=registrar) for registrar in (B, C) * 5]
    outcomes = await asyncio.gather(*orders, return_exceptions=True)
    assert [one.reason for one in outcomes if isinstance(one, Refusal)] == [Reason.TRANSFER_PENDING] * 9


async def test_delete_and_renew_at_once_end_in_one_history(world: World, clock: FakeClock) -> None:
    """A delete and a renewal of the same name: whatever comes first, the history says what is."""
    for number in range(5):
        name = f"race-{number}.{TEST}"
        created = await world.domain(name)
        expiry = created.expires_at.date() if created.expires_at else date.min
        outcomes = await asyncio.gather(
            world.do(A, delete_domain, DeleteDomain(name)),
            world.do(A, renew_domain, RenewDomain(name, expiry, 1)),
            return_exceptions=True,
        )
        assert not [one for one in outcomes if isinstance(one, Exception) and not isinstance(one, Refusal)]
        kinds = await world.kinds(created.roid)
        assert kinds in (["domain.created", "domain.purged"], ["domain.created", "domain.renewed", "domain.purged"])
        await world.refused(A, info_domain, InfoDomain(name), Reason.NOT_FOUND)


async def test_time_is_counted_in_utc(world: World, clock: FakeClock) -> None:
    """The date of expiry is that of UTC, whatever zone the database or the caller lives in."""
    clock.set(datetime(2026, 6, 30, 23, 59, 59, tzinfo=UTC))
    await world.domain(NAME)
    await world.do(A, renew_domain, RenewDomain(NAME, date(2027, 6, 30), 1))
    assert (await seen(world)).domain.expires_at == datetime(2028, 6, 30, 23, 59, 59, tzinfo=UTC)
