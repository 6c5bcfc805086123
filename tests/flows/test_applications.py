"""Names that had to wait for a reviewer, and what became of them."""

from registry.flows.act import Caller
from registry.flows.domain.create import CreateDomain, create_domain
from registry.flows.domain.info import InfoDomain, info_domain
from registry.flows.domain.settle_application import SettleDomainApplication, settle_domain_application
from registry.flows.poll.request import PollRequest, poll_request
from registry.kernel.errors import Reason
from tests.flows.world import DS, ORG, A, B, World
from tests.kit.clock import FakeClock

COMMON = f"xn--xkrp53d.{ORG}"  # 清华.公益
REVIEWER = Caller("person", "reviewer")


async def waiting(world: World) -> str:
    """An application for 清华.公益 by the body 清华大学, with everything that an order can hold."""
    uscc = await world.body("清华大学", "12", "00000131")
    await world.host("ns1.rst.icann")
    created = await world.domain(
        COMMON, uscc=uscc, years=3, hosts=("ns1.rst.icann",), signers=(DS,), contacts=frozenset({("tech", "c-1")})
    )
    return created.application_id


async def test_an_approved_name_is_created_as_it_was_ordered(world: World, clock: FakeClock) -> None:
    """Years run from the approval; hosts, contacts and signers are there; the registrar hears with its transaction ids."""
    application = await waiting(world)
    await clock.move(days=3)
    created = await world.do(
        REVIEWER, settle_domain_application, SettleDomainApplication(application, is_approved=True, reason="常用简称")
    )
    assert created
    found = (await world.do(A, info_domain, InfoDomain(COMMON))).domain
    assert (found.roid, found.registrar_id, found.created_by) == (created.roid, A, A)
    assert (found.hosts, found.signers, found.registrant_id) == (("ns1.rst.icann",), (DS,), "c-1")
    assert found.contacts == {("tech", "c-1")}
    assert found.expires_at == clock.now().replace(year=clock.now().year + 3)
    told = await world.do(A, poll_request, PollRequest())
    assert told
    assert (told.kind, told.payload["name"], told.payload["is_approved"]) == ("domain.pan", COMMON, True)
    assert str(told.payload["trid"]).startswith("ZM-")
    assert "常用简称" in told.zh
    assert await world.kinds(application) == ["application.submitted", "application.approved"]
    proved = await world.runner.db.fetchval("select verification from domain")
    assert proved["application"] == application


async def test_a_refused_name_is_free_again(world: World) -> None:
    """Nothing was created, the registrar hears why, and the name no longer waits."""
    application = await waiting(world)
    order = SettleDomainApplication(application, is_approved=False, reason="易混淆")
    assert await world.do(REVIEWER, settle_domain_application, order) is None
    await world.refused(A, info_domain, InfoDomain(COMMON), Reason.NOT_FOUND)
    told = await world.do(A, poll_request, PollRequest())
    assert told
    assert (told.kind, told.payload["is_approved"]) == ("domain.pan", False)
    assert await world.kinds(application) == ["application.submitted", "application.refused"]


async def test_an_application_is_settled_once(world: World) -> None:
    """Unknown ones are not found, settled ones are settled."""
    application = await waiting(world)
    order = SettleDomainApplication(application, is_approved=True)
    await world.refused(
        REVIEWER, settle_domain_application, SettleDomainApplication("NO", is_approved=True), Reason.NOT_FOUND
    )
    await world.do(REVIEWER, settle_domain_application, order)
    await world.refused(REVIEWER, settle_domain_application, order, Reason.STATUS_FORBIDS)


async def test_an_approval_cannot_overrule_what_happened_meanwhile(world: World) -> None:
    """A body that was abolished gets nothing; of two rivals the first approved holds the name."""
    application = await waiting(world)
    rival = await world.body("清华", "12", "00000132")
    second = await world.domain(COMMON, B, uscc=rival)
    await world.runner.db.execute("update body set status = 'abolished' where uscc <> $1", rival)
    order = SettleDomainApplication(application, is_approved=True)
    await world.refused(REVIEWER, settle_domain_application, order, Reason.NAME_REFUSED)
    assert await world.do(
        REVIEWER, settle_domain_application, SettleDomainApplication(second.application_id, is_approved=True)
    )
    await world.refused(REVIEWER, settle_domain_application, order, Reason.ALREADY_EXISTS)


async def test_the_same_application_is_not_made_twice(world: World) -> None:
    """While the body's application waits, a second create is told which one waits; once it is settled the body may ask again."""
    application = await waiting(world)
    uscc = await world.runner.db.fetchval("select uscc from application where id = $1", application)
    await world.contact("c-b", B)
    again = CreateDomain(COMMON, registrant="c-b", uscc=uscc)
    refusal = await world.refused(B, create_domain, again, Reason.ALREADY_EXISTS)
    assert application in refusal.text.en
    order = SettleDomainApplication(application, is_approved=False, reason="材料不全")
    await world.do(REVIEWER, settle_domain_application, order)
    assert (await world.do(B, create_domain, again)).is_pending
