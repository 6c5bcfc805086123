"""What other registries shipped wrong and mended late; each is right here and stays so."""

from datetime import timedelta

from registry.flows.act import Caller
from registry.flows.domain.check import CheckDomains, check_domains
from registry.flows.domain.create import CreateDomain, create_domain
from registry.flows.domain.delete import DeleteDomain, delete_domain
from registry.flows.domain.info import InfoDomain, info_domain
from registry.flows.domain.purge import PurgeDomain, purge_domain
from registry.flows.domain.renew import RenewDomain, renew_domain
from registry.flows.domain.restore import RestoreDomain, restore_domain
from registry.flows.domain.settle import SettleDomain, settle_domain
from registry.flows.domain.update import UpdateDomain, update_domain
from registry.flows.host.delete import DeleteHost, delete_host
from registry.flows.host.update import UpdateHost, update_host
from registry.kernel.errors import Reason
from registry.model.domain import DelegationSigner
from registry.store import due
from tests.flows.world import DS, TEST, V4, A, World
from tests.kit.clock import START, FakeClock

NAME = f"lesson.{TEST}"
JOB = Caller("job", "life")
OPERATOR = Caller("person", "operator", may_override=True)
DELEGATED = "select count(*) from published.delegation where cardinality(servers) > 0"


async def deleted(world: World, clock: FakeClock) -> None:
    """A signed, delegated name in redemption."""
    await world.host("ns1.rst.icann")
    await world.domain(NAME, hosts=("ns1.rst.icann",), signers=(DS,))
    await clock.move(days=6)
    await world.do(OPERATOR, update_domain, UpdateDomain(NAME, add_statuses=("serverRenewProhibited",), reason="争议"))
    await world.do(A, delete_domain, DeleteDomain(NAME))


async def test_a_deleted_name_leaves_the_dns_and_an_expired_one_does_not(world: World, clock: FakeClock) -> None:
    """A delete takes the delegation out at once, whatever the expiry; an expiry takes nothing out, whenever the job runs."""
    await deleted(world, clock)
    assert await world.runner.db.fetchval(DELEGATED) == 0
    await world.do(A, restore_domain, RestoreDomain(NAME))
    assert await world.runner.db.fetchval(DELEGATED) == 1
    await clock.move(days=400)
    assert await world.runner.db.fetchval(DELEGATED) == 1
    await world.do(JOB, settle_domain, SettleDomain(NAME))
    assert await world.runner.db.fetchval(DELEGATED) == 1


async def test_what_a_name_was_comes_back_with_it(world: World, clock: FakeClock) -> None:
    """Statuses of the registry, their reasons, hosts and signers survive redemption."""
    await deleted(world, clock)
    await world.do(A, restore_domain, RestoreDomain(NAME))
    view = await world.do(A, info_domain, InfoDomain(NAME))
    assert view.statuses == {"serverRenewProhibited"}
    assert view.domain.status_reasons == {"serverRenewProhibited": "争议"}
    assert (view.domain.hosts, view.domain.signers) == (("ns1.rst.icann",), (DS,))


async def test_the_server_of_a_name_in_redemption_stays(world: World, clock: FakeClock) -> None:
    """A host that a deleted name delegates to is not deleted: the name may be restored."""
    await deleted(world, clock)
    await world.refused(A, delete_host, DeleteHost("ns1.rst.icann"), Reason.LINKED)
    await clock.move(days=36)
    await world.do(JOB, purge_domain, PurgeDomain(NAME))
    await world.do(A, delete_host, DeleteHost("ns1.rst.icann"))


async def test_a_signed_name_is_purged_once_and_on_its_day(world: World, clock: FakeClock) -> None:
    """Its DS records do not hold it; the job finds it exactly after redemption and pending delete, however often it looks."""
    await deleted(world, clock)
    for days in (34, 0, 0):
        await clock.move(days=days, hours=23 if days else 0)
        assert await due.to_purge(world.runner.db, clock.now()) == []
    await clock.move(hours=1)
    assert await due.to_purge(world.runner.db, clock.now()) == [NAME]
    await world.do(JOB, purge_domain, PurgeDomain(NAME))
    assert await world.runner.db.fetchval("select count(*) from domain_ds") == 0


async def test_ten_years_are_counted_to_the_second(world: World, clock: FakeClock) -> None:
    """A renewal that reaches past the same second ten years from now is refused, within the same calendar year too."""
    await world.domain(NAME, years=2)
    expiry = START.replace(year=START.year + 2)
    await world.refused(A, renew_domain, RenewDomain(NAME, expiry.date(), 9), Reason.VALUE_OUT_OF_RANGE)
    await clock.move(seconds=-1)
    await world.refused(A, renew_domain, RenewDomain(NAME, expiry.date(), 8), Reason.VALUE_OUT_OF_RANGE)
    await clock.move(seconds=1)
    assert (await world.do(A, renew_domain, RenewDomain(NAME, expiry.date(), 8))).expires_at == START.replace(
        year=START.year + 10
    )


async def test_case_never_matters(world: World) -> None:
    """A taken name is taken in capitals, is found in them, and is renewed under them; a host likewise."""
    await world.domain(NAME)
    loud = NAME.upper()
    assert not (await world.do(A, check_domains, CheckDomains((loud,))))[loud].available
    await world.refused(A, create_domain, CreateDomain(loud, registrant="c-1"), Reason.ALREADY_EXISTS)
    expiry = (await world.do(A, info_domain, InfoDomain(loud))).domain.expires_at
    assert await world.do(A, renew_domain, RenewDomain(loud, expiry.date(), 1))
    await world.host(f"NS1.{loud}", V4)
    await world.do(A, update_domain, UpdateDomain(loud, add_hosts=(f"ns1.{loud}",)))


async def test_changes_that_change_nothing_are_refused(world: World) -> None:
    """Servers, addresses, signers and statuses that are there already, or are not there to be removed."""
    await world.host("ns1.rst.icann")
    await world.domain(NAME, hosts=("ns1.rst.icann",), signers=(DS,))
    await world.host(f"ns1.{NAME}", V4)
    other = DelegationSigner(1, 16, 2, bytes(32))
    for change in (
        {"add_hosts": ("ns1.rst.icann",)},
        {"rem_hosts": (f"ns1.{NAME}",)},
        {"add_signers": (DS,)},
        {"rem_signers": (other,)},
        {"rem_statuses": ("clientHold",)},
    ):
        await world.refused(A, update_domain, UpdateDomain(NAME, **change), Reason.POLICY_FORBIDS)
    await world.refused(A, update_host, UpdateHost(f"ns1.{NAME}", add_addresses=(V4,)), Reason.POLICY_FORBIDS)


async def test_a_restore_asks_no_list(world: World, clock: FakeClock) -> None:
    """A word that was reserved meanwhile does not keep a name from its body: restoring decides nothing anew."""
    uscc = await world.body("清华大学", "12", "00000131")
    name = "xn--xkry9kk1bz66a.xn--55qw42g"
    await world.domain(name, uscc=uscc)
    await clock.move(days=6)
    await world.do(A, delete_domain, DeleteDomain(name))
    await world.runner.db.execute("update body set status = 'abolished' where uscc = $1", uscc)
    decisions = await world.runner.db.fetchval("select count(*) from decision")
    await clock.move(days=1)
    await world.do(A, restore_domain, RestoreDomain(name))
    assert await world.runner.db.fetchval("select count(*) from decision") == decisions


async def test_a_delete_is_thirty_days_of_redemption_not_sixty(world: World, clock: FakeClock) -> None:
    """Redemption counts from the delete, once; a restore is possible to its last second and not after."""
    await deleted(world, clock)
    at = clock.now()
    clock.set(at + timedelta(days=30) - timedelta(seconds=1))
    assert (await world.do(A, info_domain, InfoDomain(NAME))).rgp_statuses == ("redemptionPeriod",)
    clock.set(at + timedelta(days=30))
    await world.refused(A, restore_domain, RestoreDomain(NAME), Reason.STATUS_FORBIDS)
