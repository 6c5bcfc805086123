"""What others do to a registrar's domain reaches it by poll (RFC 8590), in the official language."""

import re
from datetime import timedelta

from lxml import etree

from registry.epp.conversation import Conversation
from registry.flows.act import Caller
from registry.flows.domain.purge import PurgeDomain, purge_domain
from registry.flows.domain.settle import SettleDomain, settle_domain
from registry.flows.domain.update import UpdateDomain, update_domain
from registry.flows.registrar.bind_certificate import BindCertificate, bind_certificate
from registry.flows.runner import Runner
from tests.epp import phrases as say
from tests.epp.official import assert_official
from tests.epp.test_golden import say as say_golden
from tests.epp.test_rst import accept
from tests.epp.world import ENDS, TEST_ZONE, build_world, key_of
from tests.kit.clock import FakeClock

NAME = f"changed.{TEST_ZONE}"
JOB = Caller("job", "settle-what-is-due-every-day")
OPERATOR = Caller("person", "operator-wang", may_override=True)
CHANGE = "{urn:ietf:params:xml:ns:changePoll-1.0}"
DOMAIN = "{urn:ietf:params:xml:ns:domain-1.0}"


async def session_with_domain(runner: Runner) -> Conversation:
    session = (await build_world(runner)).conversation("registrar-a")
    await say_golden(session, "login.accepted")
    await accept(session, say.contact_create("rst-contact"))
    await accept(session, say.domain_create(NAME))
    return session


async def told(session: Conversation) -> etree._Element:
    """The oldest message, which is then taken out of the queue."""
    answer = (await say_golden(session, "poll-request.any")).document
    root = assert_official(answer)
    number = re.search(rb'msgQ count="\d+" id="(\d+)"', answer)
    assert number, answer
    await accept(
        session,
        f'<epp xmlns="{say.EPP}"><command><poll op="ack" msgID="{number[1].decode()}"/></command></epp>'.encode(),
    )
    return root


async def renew_certificate(runner: Runner) -> None:
    """So that the session outlives the first year."""
    renewed = BindCertificate("registrar-a", key_of("registrar-a"), "registrar-a", ENDS + timedelta(days=900))
    await runner.run(JOB, lambda act: bind_certificate(act, renewed))


def said(root: etree._Element, name: str) -> str | None:
    return root.findtext(f".//{CHANGE}{name}")


async def test_an_operators_change_is_told_with_who_and_why(runner: Runner) -> None:
    """The message shows the domain as it is now, who did it, and the reason that the operator gave."""
    session = await session_with_domain(runner)
    order = UpdateDomain(NAME, add_statuses=("serverHold",), reason="法院协助执行 (2026) 京 01 号")
    await runner.run(OPERATOR, lambda act: update_domain(act, order))
    root = await told(session)
    assert (said(root, "operation"), said(root, "who")) == ("update", "person:operator-wang")
    assert said(root, "reason") == "法院协助执行 (2026) 京 01 号"
    statuses = [one.get("s") for one in root.iterfind(f".//{DOMAIN}infData/{DOMAIN}status")]
    assert "serverHold" in statuses
    assert root.findtext(f".//{DOMAIN}name") == NAME


async def test_ones_own_change_is_not_told(runner: Runner) -> None:
    """What a registrar did through this door it knows already."""
    session = await session_with_domain(runner)
    await accept(session, say.status_change("domain", NAME, "add", "clientHold"))
    await accept(session, say.named("domain", "renew", NAME, "<domain:curExpDate>2027-06-01</domain:curExpDate>"))
    assert b'code="1300"' in (await say_golden(session, "poll-request.any")).document


async def test_what_time_does_is_told(runner: Runner, clock: FakeClock) -> None:
    """An expiry that became a renewal, whoever wrote it down; and the end of a redemption, with the domain as it was."""
    session = await session_with_domain(runner)
    await renew_certificate(runner)
    await clock.move(days=365, hours=1)
    await runner.run(JOB, lambda act: settle_domain(act, SettleDomain(NAME)))
    root = await told(session)
    assert (said(root, "operation"), said(root, "who")) == ("autoRenew", "registry")
    assert (root.findtext(f".//{DOMAIN}exDate") or "").startswith("2028-06-01")
    assert 'code="1001"' in await accept(session, say.named("domain", "delete", NAME))
    await clock.move(days=36)
    await runner.run(JOB, lambda act: purge_domain(act, PurgeDomain(NAME)))
    root = await told(session)
    assert said(root, "operation") == "autoPurge"
    changed = root.find(f".//{CHANGE}changeData")
    assert changed is not None
    assert changed.get("state") == "before"


async def test_a_restored_name_that_had_expired_is_told_as_renewed(runner: Runner, clock: FakeClock) -> None:
    """The registrar asked for the restore, but that the name got another year is the registry's doing."""
    session = await session_with_domain(runner)
    await renew_certificate(runner)
    await clock.move(days=360)
    assert 'code="1001"' in await accept(session, say.named("domain", "delete", NAME))
    await clock.move(days=10)
    restore = '<r:update xmlns:r="urn:ietf:params:xml:ns:rgp-1.0"><r:restore op="request"/></r:update>'
    await accept(session, say.command("domain", "update", say.text("domain:name", NAME), restore))
    root = await told(session)
    assert said(root, "operation") == "autoRenew"
    assert (root.findtext(f".//{DOMAIN}exDate") or "").startswith("2028-06-01")
    assert b'code="1300"' in (await say_golden(session, "poll-request.any")).document


async def test_a_long_name_of_an_operator_does_not_break_an_answer(runner: Runner) -> None:
    """``upID`` has at most 16 characters; who is called longer is left out of info, and stands in the history."""
    session = await session_with_domain(runner)
    someone = Caller("person", "an-operator-with-a-long-name", may_override=True)
    order = UpdateDomain(NAME, add_statuses=("serverHold",))
    await runner.run(someone, lambda act: update_domain(act, order))
    assert "upID" not in await accept(session, say.named("domain", "info", NAME))
