"""Allocation tokens, TTLs, maintenance, bundles, server statuses and transfers of contacts through this door, in the official language."""

import re
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from registry.epp.conversation import Conversation
from registry.flows.act import Act, Caller
from registry.flows.contact.delete import DeleteContact, delete_contact
from registry.flows.contact.update import UpdateContact, update_contact
from registry.flows.domain.update import UpdateDomain, update_domain
from registry.flows.host.update import UpdateHost, update_host
from registry.flows.lock.confirm import confirm_lock
from registry.flows.lock.propose import ProposeLock, propose_lock
from registry.flows.maintenance.announce import (
    AnnounceMaintenance,
    announce_maintenance,
    cancel_maintenance,
    change_maintenance,
)
from registry.flows.maintenance.remind import RemindMaintenance, remind_maintenance
from registry.flows.runner import Runner
from registry.flows.token.issue import IssueToken, issue_token
from registry.kernel.errors import Reason, Refusal
from registry.model.lock import LockMove
from registry.model.maintenance import Impact
from registry.model.person import Person, Role
from tests.epp import phrases
from tests.epp.official import assert_official
from tests.epp.test_golden import say
from tests.epp.test_rst import accept, refuse
from tests.epp.world import TEST_ZONE, World, build_world
from tests.kit.clock import FakeClock

NAME = f"extended.{TEST_ZONE}"
OPERATOR = Caller("person", "operator-wang", may_override=True)
STRONG = "k7Qw-mN42rX9pLs81tVbZ0"
ACK = '<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><command><poll op="ack" msgID="{}"/></command></epp>'
BUNDLED = f"xn--zfr54hdx6e.{TEST_ZONE}"  # 国务院, with the traditional 國務院


@pytest.fixture
async def world(runner: Runner) -> World:
    return await build_world(runner)


@pytest.fixture
async def session(world: World) -> Conversation:
    """registrar-a, with the contact that the phrases name."""
    made = world.conversation("registrar-a")
    await say(made, "login.accepted")
    await accept(made, phrases.contact_create("rst-contact"))
    return made


@pytest.fixture
async def other(world: World) -> Conversation:
    made = world.conversation("registrar-b")
    await say(made, "login.other")
    return made


async def told(session: Conversation) -> str:
    """The oldest message, taken out of the queue."""
    answer = (await say(session, "poll-request.any")).document
    assert_official(answer)
    number = re.search(rb'msgQ count="\d+" id="(\d+)"', answer)
    assert number, answer
    await accept(session, ACK.format(number[1].decode()).encode())
    return answer.decode()


def token_beside(document: bytes, token: str) -> bytes:
    element = f'<t:allocationToken xmlns:t="urn:ietf:params:xml:ns:allocationToken-1.0">{token}</t:allocationToken>'
    return document.replace(b"</command>", f"<extension>{element}</extension></command>".encode())


def ttl_beside(document: bytes, verb: str, *chosen: tuple[str, str]) -> bytes:
    lines = "".join(f'<t:ttl for="{kind}">{length}</t:ttl>' for kind, length in chosen)
    element = f'<t:{verb} xmlns:t="urn:ietf:params:xml:ns:epp:ttl-1.0">{lines}</t:{verb}>'
    return document.replace(b"</command>", f"<extension>{element}</extension></command>".encode())


async def test_a_token_through_the_door(world: World, session: Conversation, other: Conversation) -> None:
    """Check, create and transfer with a token; the sponsor asks for one with info; 2201 without or with a wrong one."""
    token = await world.runner.run(OPERATOR, lambda act: issue_token(act, IssueToken(NAME, "活动")))
    check, create = phrases.named("domain", "check", NAME), phrases.domain_create(NAME)
    assert "Allocation Token mismatch" in await accept(session, check)
    assert 'avail="1"' in await accept(session, token_beside(check, token.token))
    await refuse(session, create, 2201)
    await refuse(session, token_beside(create, "not-the-token-for-this"), 2201)
    await accept(session, token_beside(create, token.token))
    await refuse(session, token_beside(phrases.domain_create(f"x-{NAME}"), token.token), 2201)
    await accept(session, phrases.domain_change(NAME, phrases.secret(STRONG)))
    moving = await world.runner.run(OPERATOR, lambda act: issue_token(act, IssueToken(NAME, "转移", "transfer")))
    asked = '<t:info xmlns:t="urn:ietf:params:xml:ns:allocationToken-1.0"/>'
    info = phrases.command("domain", "info", phrases.text("domain:name", NAME), asked)
    assert f">{moving.token}</allocationToken:allocationToken>" in await accept(session, info)
    await refuse(other, info, 2201)
    proof = f"<domain:authInfo>{phrases.text('domain:pw', STRONG)}</domain:authInfo>"
    transfer = phrases.named("domain", "transfer", NAME, proof, op="request")
    await refuse(other, transfer, 2201)
    assert 'code="1001"' in await accept(other, token_beside(transfer, moving.token))
    await refuse(session, info, 2303)


async def test_ttls_reach_what_is_published(world: World, session: Conversation) -> None:
    """Chosen at creation, changed, taken back; the resolver's views show them, 0 for the zone's own (RFC 9803)."""
    await accept(session, ttl_beside(phrases.domain_create(NAME), "create", ("NS", "300"), ("DS", "600")))
    host = f"ns1.{NAME}"
    await accept(session, ttl_beside(phrases.host_create(host, ("v4", "208.77.190.196")), "create", ("A", "120")))
    await accept(session, phrases.domain_change(NAME, phrases.servers("add", host)))
    rows = "select d.ns_ttl, d.ds_ttl, g.a_ttl, g.aaaa_ttl from published.delegation d join published.glue g using (domain_roid)"
    assert tuple(await world.runner.db.fetchrow(rows) or ()) == (300, 600, 120, 0)
    change = phrases.command("domain", "update", phrases.text("domain:name", NAME))
    await accept(session, ttl_beside(change, "update", ("NS", ""), ("DS", "900")))
    assert tuple(await world.runner.db.fetchrow(rows) or ()) == (0, 900, 120, 0)
    for kind, length, code in (("NS", "59", 2004), ("NS", "172801", 2004), ("A", "300", 2306), ("DNAME", "300", 2306)):
        await refuse(session, ttl_beside(change, "update", (kind, length)), code)
    await refuse(session, ttl_beside(change, "update", ("NS", "-1")), 2001)


async def test_maintenance_is_announced_changed_and_called_off(
    world: World, session: Conversation, clock: FakeClock
) -> None:
    """Every registrar hears of each by poll with the item; info shows the list and one; a reminder and the end come by time."""
    starts = clock.now() + timedelta(days=3)
    plan = AnnounceMaintenance(
        "数据库升级", (Impact("EPP", "epp.nic.xn--zfr164b", "full"), Impact("RDDS", "", "none")), starts,
        starts + timedelta(hours=4), "升级期间不能登录", "no logins meanwhile", id="M-1", tlds=("xn--zfr164b",), reconnect=True,
    )  # fmt: skip
    runner = world.runner
    await runner.run(OPERATOR, lambda act: announce_maintenance(act, plan))
    message = await told(session)
    assert "<maint:pollType>create</maint:pollType>" in message
    assert "<maint:impact>full</maint:impact>" in message
    assert '<maint:id name="数据库升级" lang="zh">M-1<' in await accept(session, _maintenance("<m:list/>"))
    shown = await accept(session, _maintenance("<m:id>M-1</m:id>"))
    assert "<maint:tld>xn--zfr164b</maint:tld>" in shown
    assert "pollType" not in shown
    await runner.run(OPERATOR, lambda act: change_maintenance(act, plan))
    assert "<maint:pollType>update<" in await told(session)
    reminded = [await runner.run(OPERATOR, lambda act: remind_maintenance(act, RemindMaintenance()))]
    for hours, word in ((49, "courtesy"), (30, "end")):
        await clock.move(hours=hours)
        reminded.append(await runner.run(OPERATOR, lambda act: remind_maintenance(act, RemindMaintenance())))
        assert f"<maint:pollType>{word}<" in await told(session)
    reminded.append(await runner.run(OPERATOR, lambda act: remind_maintenance(act, RemindMaintenance())))
    assert reminded == [0, 1, 1, 0]
    with pytest.raises(Refusal) as caught:
        await runner.run(OPERATOR, lambda act: cancel_maintenance(act, "M-1"))
    assert caught.value.reason is Reason.STATUS_FORBIDS


async def test_maintenance_that_was_called_off_is_gone(world: World, session: Conversation, clock: FakeClock) -> None:
    """Told by poll as a delete; neither in the list nor to be had by its id."""
    plan = AnnounceMaintenance(
        "演练",
        (Impact("DNS", "", "partial"),),
        clock.now(),
        clock.now() + timedelta(hours=1),
        "演练",
        "a drill",
        id="M-2",
    )
    await world.runner.run(OPERATOR, lambda act: announce_maintenance(act, plan))
    await world.runner.run(OPERATOR, lambda act: cancel_maintenance(act, "M-2"))
    await told(session)
    assert "<maint:pollType>delete<" in await told(session)
    assert "M-2" not in await accept(session, _maintenance("<m:list/>"))
    await refuse(session, _maintenance("<m:id>M-2</m:id>"), 2303)
    wrong: tuple[dict[str, Any], ...] = (
        {"title": ""}, {"systems": ()}, {"ends_at": clock.now()}, {"reason": "whim"}, {"tlds": ("com",)},
    )  # fmt: skip
    for change in wrong:
        with pytest.raises(Refusal):
            await world.runner.run(OPERATOR, partial(_announce, replace(plan, id="", **change)))


async def _announce(order: AnnounceMaintenance, act: Act) -> None:
    await announce_maintenance(act, order)


def _maintenance(inside: str) -> bytes:
    body = f'<m:info xmlns:m="urn:ietf:params:xml:ns:epp:maintenance-1.0">{inside}</m:info>'
    return f'<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><command><info>{body}</info></command></epp>'.encode()


async def test_every_answer_about_a_bundle_shows_it(
    session: Conversation, other: Conversation, clock: FakeClock
) -> None:
    """create, update, renew, transfer and delete of a name with variants answer with b-dn data (RFC 9095 section 5)."""
    assert "<b-dn:creData" in await accept(session, phrases.domain_create(BUNDLED))
    assert "<b-dn:upData" in await accept(session, phrases.domain_change(BUNDLED, phrases.secret(STRONG)))
    expiry = "<domain:curExpDate>2027-06-01</domain:curExpDate>"
    assert "<b-dn:renData" in await accept(session, phrases.named("domain", "renew", BUNDLED, expiry))
    proof = f"<domain:authInfo>{phrases.text('domain:pw', STRONG)}</domain:authInfo>"
    assert "<b-dn:trnData" in await accept(other, phrases.named("domain", "transfer", BUNDLED, proof, op="request"))
    assert "<b-dn:trnData" in await accept(session, phrases.named("domain", "transfer", BUNDLED, op="reject"))
    await clock.move(days=10)
    answer = await accept(session, phrases.named("domain", "delete", BUNDLED))
    assert "<b-dn:delData" in answer
    assert 'uLabel="國務院.' in answer


async def test_a_contact_is_transferred_through_the_door(session: Conversation, other: Conversation) -> None:
    """Request with the secret (1001), approve, and both hear of it as contact:trnData."""
    await accept(
        session,
        phrases.contact_change(
            "rst-contact", f"<contact:authInfo>{phrases.text('contact:pw', STRONG)}</contact:authInfo>"
        ),
    )
    proof = f"<contact:authInfo>{phrases.text('contact:pw', STRONG)}</contact:authInfo>"
    await refuse(other, phrases.named("contact", "transfer", "rst-contact", op="request"), 2202)
    asked = await accept(other, phrases.named("contact", "transfer", "rst-contact", proof, op="request"))
    assert 'code="1001"' in asked
    assert 'status s="pendingTransfer"' in await accept(session, phrases.named("contact", "info", "rst-contact"))
    assert "<contact:trStatus>pending<" in await told(session)
    await accept(session, phrases.named("contact", "transfer", "rst-contact", op="approve"))
    assert "<contact:trStatus>clientApproved<" in await told(other)
    assert "<contact:clID>registrar-b<" in await accept(other, phrases.named("contact", "info", "rst-contact"))


async def test_what_an_operator_does_to_hosts_and_contacts_is_told(world: World, session: Conversation) -> None:
    """As host:infData and contact:infData with changePoll; a reason longer than its element is cut there and whole beside the status."""
    await accept(session, phrases.host_create("ns1.told.rst.icann"))
    reason = "依据二〇二六年第一号协助执行通知书，自即日起暂停对该对象的一切变更"
    status = ("serverUpdateProhibited",)
    host = UpdateHost("ns1.told.rst.icann", add_statuses=status, reason=reason)
    contact = UpdateContact("rst-contact", add_statuses=status, reason=reason)
    await world.runner.run(OPERATOR, lambda act: update_host(act, host))
    await world.runner.run(OPERATOR, lambda act: update_contact(act, contact))
    for element in ("host:infData", "contact:infData"):
        message = await told(session)
        assert f"<{element}" in message
        assert f'<changePoll:reason lang="zh">{reason[:32]}<' in message
        assert f'status s="serverUpdateProhibited" lang="zh">{reason}<' in message
    await world.runner.run(OPERATOR, lambda act: delete_contact(act, DeleteContact("rst-contact")))
    message = await told(session)
    assert 'state="before"' in message
    assert "<changePoll:operation>delete<" in message


async def test_a_renamed_host_is_told_to_whose_domains_show_it(session: Conversation, other: Conversation) -> None:
    """Another registrar whose domain delegates to a host hears of its new name."""
    parent, host = f"parent.{TEST_ZONE}", f"ns1.parent.{TEST_ZONE}"
    await accept(session, phrases.domain_create(parent))
    await accept(session, phrases.host_create(host, ("v4", "208.77.190.196")))
    await accept(other, phrases.contact_create("rst-b"))
    links = (("admin", "rst-b"), ("tech", "rst-b"))
    await accept(other, phrases.domain_create(NAME, hosts=(host,), registrant="rst-b", contacts=links))
    await accept(session, phrases.host_rename(host, f"ns2.parent.{TEST_ZONE}"))
    message = await told(other)
    assert f"<host:name>ns2.parent.{TEST_ZONE}<" in message
    assert "<changePoll:who>registrar:registrar-a<" in message
    assert b'code="1300"' in (await say(session, "poll-request.any")).document


async def test_a_message_about_a_signed_name_shows_its_signers(world: World, session: Conversation) -> None:
    """The domain of a poll message has its DS records and its bundle beside it, as info has."""
    await accept(session, phrases.domain_create(BUNDLED, extension=phrases.signed(phrases.signer())))
    order = UpdateDomain(BUNDLED, add_statuses=("serverRenewProhibited",), reason="复核")
    await world.runner.run(OPERATOR, lambda act: update_domain(act, order))
    message = await told(session)
    assert "<secDNS:keyTag>12345<" in message
    assert "<b-dn:infData" in message
    assert 'status s="serverRenewProhibited" lang="zh">复核<' in message


async def test_a_lock_is_seen_in_info(world: World, session: Conversation) -> None:
    """Its three statuses say that they are the registry lock's; an update is told 2304."""
    await accept(session, phrases.domain_create(NAME))

    async def lock(act: Act) -> None:
        order = await propose_lock(act, Person("wang", Role.OPERATOR), ProposeLock(NAME, LockMove.LOCK, "重点保护"))
        await confirm_lock(act, Person("li", Role.OPERATOR), order.id)

    await world.runner.run(Caller("person", "li"), lock)
    shown = await accept(session, phrases.named("domain", "info", NAME))
    assert shown.count(">注册局锁定</domain:status>") == 3
    await refuse(session, phrases.status_change("domain", NAME, "add", "clientHold"), 2304)
