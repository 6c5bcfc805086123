"""What time does to a domain, as a registrar sees it through this door."""

import re

from registry.flows.runner import Runner
from tests.epp import phrases
from tests.epp.test_golden import say
from tests.epp.test_rst import accept, refuse
from tests.epp.world import TEST_ZONE, build_world
from tests.kit.clock import FakeClock

NAME = f"life.{TEST_ZONE}"


def restore(operation: str, changes: str = "") -> bytes:
    report = """<r:report><r:preData>a</r:preData><r:postData>b</r:postData><r:delTime>2026-06-11T01:00:00Z</r:delTime>
      <r:resTime>2026-06-11T01:00:00Z</r:resTime><r:resReason>c</r:resReason><r:statement>d</r:statement></r:report>"""
    inside = report if operation == "report" else ""
    extension = f'<r:update xmlns:r="urn:ietf:params:xml:ns:rgp-1.0"><r:restore op="{operation}">{inside}</r:restore></r:update>'
    return phrases.command("domain", "update", phrases.text("domain:name", NAME) + changes, extension)


async def test_delete_and_restore(runner: Runner, clock: FakeClock) -> None:
    """After its add grace a deleted name goes into redemption (1001), and a restore request brings it back at once; its report may follow."""
    session = (await build_world(runner)).conversation("registrar-a")
    await say(session, "login.accepted")
    await accept(session, phrases.contact_create("rst-contact"))
    await accept(session, phrases.domain_create(NAME))
    await refuse(session, restore("request"), 2304)
    await clock.move(days=10)
    assert 'code="1001"' in await accept(session, phrases.named("domain", "delete", NAME))
    shown = await accept(session, phrases.named("domain", "info", NAME))
    assert "pendingDelete" in re.findall(r'domain:status s="(\w+)"', shown)
    assert re.findall(r'rgpStatus s="(\w+)"', shown) == ["redemptionPeriod"]
    await refuse(session, restore("request", '<domain:add><domain:status s="clientHold"/></domain:add>'), 2001)
    await accept(session, restore("request"))
    await accept(session, restore("report"))
    await refuse(session, restore("report"), 2304)
    shown = await accept(session, phrases.named("domain", "info", NAME))
    assert "pendingDelete" not in shown
    assert "rgpStatus" not in shown


async def test_a_transfer_nobody_answers_is_done_by_time(runner: Runner, clock: FakeClock) -> None:
    """Five days after the request both registrars see the new sponsor, and both are told by poll."""
    world = await build_world(runner)
    a, b = world.conversation("registrar-a"), world.conversation("registrar-b")
    await say(a, "login.accepted")
    await say(b, "login.other")
    await accept(a, phrases.contact_create("rst-contact"))
    await accept(a, phrases.domain_create(NAME))
    strong = "k7Qw-mN42rX9pLs81tVbZ0"
    await accept(a, phrases.domain_change(NAME, phrases.secret(strong)))
    proof = f"<domain:authInfo>{phrases.text('domain:pw', strong)}</domain:authInfo>"
    await accept(b, phrases.named("domain", "transfer", NAME, proof, op="request"))
    await clock.move(days=5, seconds=1)
    assert "<domain:clID>registrar-b<" in await accept(b, phrases.named("domain", "info", NAME))
    await accept(b, phrases.status_change("domain", NAME, "add", "clientHold"))
    told = (await say(b, "poll-request.any")).document.decode()
    assert "<domain:trStatus>serverApproved<" in told


async def test_a_restore_that_wants_a_report(runner: Runner, clock: FakeClock) -> None:
    """Where a zone wants a report, the restore is pending until it comes (rgp:upData), resolves meanwhile, and lapses without it."""
    session = (await build_world(runner)).conversation("registrar-a")
    await runner.db.execute("update tld set restore_report = interval '7 days' where name = $1", TEST_ZONE)
    await say(session, "login.accepted")
    await accept(session, phrases.contact_create("rst-contact"))
    await accept(session, phrases.host_create("ns1.life.rst.icann"))
    await accept(session, phrases.domain_create(NAME, hosts=("ns1.life.rst.icann",)))
    await clock.move(days=10)
    await accept(session, phrases.named("domain", "delete", NAME))
    assert 'rgp:rgpStatus s="pendingRestore"' in await accept(session, restore("request"))
    await refuse(session, restore("request"), 2304)
    assert await runner.db.fetchval("select count(*) from published.delegation") == 1
    await clock.move(days=8)
    shown = await accept(session, phrases.named("domain", "info", NAME))
    assert re.findall(r'rgpStatus s="(\w+)"', shown) == ["redemptionPeriod"]
    await refuse(session, restore("report"), 2304)
    await accept(session, restore("request"))
    told = (await say(session, "poll-request.any")).document.decode()
    assert '<changePoll:operation op="restoreLapsed">custom<' in told
    await accept(session, restore("report"))
    shown = await accept(session, phrases.named("domain", "info", NAME))
    assert "rgpStatus" not in shown
    kept = await runner.db.fetchval(
        "select snapshot from history where snapshot ? 'restore_report' order by id desc limit 1"
    )
    assert kept["restore_report"]["statements"] == ["d"]
