"""Names that wait for a reviewer as applications (RFC 8334), and names whose body is proved later (verificationCode-1.0)."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from registry.epp.conversation import Conversation
from registry.establishment import importing
from registry.establishment.importing import import_file
from registry.flows.act import Caller
from registry.flows.domain.remind_proof import RemindProof, remind_proof
from registry.flows.runner import Runner
from registry.jobs.settle_due import settle_due
from registry.kernel.names import to_a
from tests.epp import phrases
from tests.epp.test_golden import say
from tests.epp.test_official_names import REGISTRANT, create, issue, settle
from tests.epp.test_rst import accept, refuse
from tests.epp.world import OPERATOR, World, build_world
from tests.kit.clock import FakeClock

BODIES = Path(importing.__file__).parent / "real_bodies.csv"
WAITS = to_a("清华.公益")
PASSES = to_a("清华大学.公益")
OTHERS = to_a("北京大学.公益")
REVIEW = '<l:phase name="review">custom</l:phase>'
POLL = b'<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><command><poll op="req"/></command></epp>'


@pytest.fixture
async def world(runner: Runner) -> World:
    made = await build_world(runner)
    await import_file(runner.db, BODIES, snapshot=False, actor=OPERATOR.actor, clock=runner.clock)
    return made


@pytest.fixture
async def session(world: World) -> Conversation:
    conversation = world.conversation("registrar-a")
    await say(conversation, "login.accepted")
    await say(conversation, "contact-create.accepted")
    return conversation


def launch(document: bytes, verb: str, inside: str, kind: str = "") -> bytes:
    typed = f' type="{kind}"' if kind else ""
    element = f'<l:{verb} xmlns:l="urn:ietf:params:xml:ns:launch-1.0"{typed}>{inside}</l:{verb}>'
    if b"<extension>" in document:
        return document.replace(b"</extension>", f"{element}</extension>".encode())
    return document.replace(b"</command>", f"<extension>{element}</extension></command>".encode())


async def applied(world: World, session: Conversation) -> str:
    """The id of an application for a name that needs a reviewer."""
    code = await issue(world, *REGISTRANT)
    answer = await accept(session, launch(create(WAITS, code), "create", REVIEW, "application"))
    assert 'code="1001"' in answer
    found = re.search(r'<launch:phase name="review">custom</launch:phase><launch:applicationID>(\w+)<', answer)
    assert found, answer
    return found[1]


def info(name: str) -> bytes:
    return phrases.named("domain", "info", name)


async def test_an_application_is_seen_while_it_waits(world: World, session: Conversation) -> None:
    """By its name alone, by phase, and by its id: pendingCreate and pendingValidation; another registrar is told 2303."""
    application = await applied(world, session)
    identified = f"{REVIEW}<l:applicationID>{application}</l:applicationID>"
    for question in (info(WAITS), launch(info(WAITS), "info", REVIEW), launch(info(WAITS), "info", identified)):
        shown = await accept(session, question)
        assert 'status s="pendingCreate"' in shown
        assert f"<launch:applicationID>{application}<" in shown
        assert 'launch:status s="pendingValidation"' in shown
    stranger = world.conversation("registrar-b")
    await say(stranger, "login.other")
    await refuse(stranger, info(WAITS), 2303)
    await refuse(stranger, launch(info(WAITS), "info", identified), 2303)
    await refuse(session, launch(info(OTHERS), "info", identified), 2303)


@pytest.mark.parametrize(("approved", "status"), [(True, "allocated"), (False, "rejected")])
async def test_what_became_of_an_application(world: World, session: Conversation, approved: bool, status: str) -> None:
    """The poll message says it in the words of RFC 8334 too, and so does info by the id."""
    application = await applied(world, session)
    await settle(world, approved=approved)
    message = await accept(session, POLL)
    assert f'<launch:applicationID>{application}</launch:applicationID><launch:status s="{status}"/>' in message
    identified = f"{REVIEW}<l:applicationID>{application}</l:applicationID>"
    shown = await accept(session, launch(info(WAITS), "info", identified))
    assert f'launch:status s="{status}"' in shown
    assert "pendingCreate" not in shown


async def test_an_application_is_taken_back(world: World, session: Conversation) -> None:
    """By delete with its id: the name is free again, the outcome of the create comes by poll, and it cannot be done twice."""
    application = await applied(world, session)
    identified = f"{REVIEW}<l:applicationID>{application}</l:applicationID>"
    withdraw = launch(phrases.named("domain", "delete", WAITS), "delete", identified)
    stranger = world.conversation("registrar-b")
    await say(stranger, "login.other")
    await refuse(stranger, withdraw, 2303)
    assert 'code="1000"' in await accept(session, withdraw)
    assert 'paResult="0"' in await accept(session, POLL)
    await refuse(session, withdraw, 2304)
    await refuse(session, info(WAITS), 2303)
    assert 'name="withdrawn"' in await accept(session, launch(info(WAITS), "info", identified))


@pytest.mark.parametrize(
    ("inside", "kind"),
    [
        ("<l:phase>sunrise</l:phase>", ""),
        ("<l:phase>open</l:phase>", "application"),
        (REVIEW, "registration"),
        ('<l:phase name="other">custom</l:phase>', ""),
    ],
)
async def test_a_phase_that_is_not_ours_is_refused(session: Conversation, inside: str, kind: str) -> None:
    """2306 for another phase, and for the type that belongs to the other one."""
    await refuse(session, launch(create(PASSES, "AAAA"), "create", inside, kind), 2306)


@pytest.fixture
async def on_hold(world: World, session: Conversation) -> Callable[[str], bytes]:
    """A zone with a grace, and two names created there without a code; gives an update that presents codes."""
    await world.runner.db.execute("update tld set verification = 'grace' where name = 'xn--55qw42g'")
    links = {"registrant": "wang-1", "contacts": (("admin", "wang-1"),)}
    for name in (PASSES, WAITS, OTHERS):
        await accept(session, phrases.domain_create(name, **links))  # type: ignore[arg-type]  # keywords

    def present(name: str, *codes: str) -> bytes:
        inside = "".join(f"<v:code>{code}</v:code>" for code in codes)
        added = (
            f'<v:encodedSignedCode xmlns:v="urn:ietf:params:xml:ns:verificationCode-1.0">{inside}</v:encodedSignedCode>'
        )
        return phrases.command("domain", "update", phrases.text("domain:name", name), added)

    return present


def asked(name: str, profile: str = "") -> bytes:
    said = f' profile="{profile}"' if profile else ""
    return phrases.command(
        "domain", "info", phrases.text("domain:name", name),
        f'<v:info xmlns:v="urn:ietf:params:xml:ns:verificationCode-1.0"{said}/>',
    )  # fmt: skip


async def test_a_body_is_proved_after_the_name_was_made(
    world: World, session: Conversation, on_hold: Callable[..., bytes], clock: FakeClock
) -> None:
    """On hold until a code is presented: what is missing and until when; then compliant, off hold, with the codes that were given."""
    due = (clock.now() + timedelta(days=30)).strftime("%Y-%m-%d")
    shown = await accept(session, asked(PASSES))
    assert 'status s="serverHold"' in shown
    assert "<verificationCode:status>pendingCompliance</verificationCode:status>" in shown
    assert f'<verificationCode:code type="registrant" due="{due}' in shown
    assert "notApplicable" in await accept(session, asked(PASSES, "another"))
    code = await issue(world, *REGISTRANT)
    await accept(session, on_hold(PASSES, code))
    shown = await accept(session, asked(PASSES, "zhengming"))
    assert "serverHold" not in shown
    assert "<verificationCode:status>compliant</verificationCode:status>" in shown
    assert re.search(r'<verificationCode:set><verificationCode:code type="registrant" date="[^"]+">\d+-\w+<', shown)
    assert await world.runner.db.fetchval("select uscc from domain where name = $1", PASSES) == REGISTRANT[1]
    stranger = world.conversation("registrar-b")
    await say(stranger, "login.other")
    assert "verificationCode:set" not in await accept(stranger, asked(PASSES))


async def test_a_name_on_hold_is_judged_when_its_body_is_proved(
    world: World, session: Conversation, on_hold: Callable[..., bytes]
) -> None:
    """The body of another name is refused; a name for a reviewer wants a domain code too; a bad code proves nothing: all 2306."""
    code = await issue(world, *REGISTRANT)
    await refuse(session, on_hold(OTHERS, code), 2306)
    await refuse(session, on_hold(WAITS, code), 2306)
    await refuse(session, on_hold(PASSES, "AAAA"), 2306)
    assert 'status s="serverHold"' in await accept(session, info(PASSES))
    await accept(session, on_hold(PASSES, code))
    await accept(session, on_hold(PASSES, code))


async def test_a_proof_that_does_not_come_is_told_once(
    world: World, session: Conversation, on_hold: Callable[..., bytes], clock: FakeClock
) -> None:
    """After the grace the name stays on hold, is nonCompliant, and its registrar hears of it by poll, once."""
    code = await issue(world, *REGISTRANT)
    await accept(session, on_hold(PASSES, code))
    await clock.move(days=31)
    assert "<verificationCode:status>nonCompliant<" in await accept(session, asked(WAITS))
    assert await settle_due(world.runner) == 2
    assert await settle_due(world.runner) == 0
    message = await accept(session, POLL)
    assert '<changePoll:operation op="proofOverdue">custom<' in message
    assert "<verificationCode:status>nonCompliant<" in message
    job = Caller("job", "settle-due")
    assert not await world.runner.run(job, lambda act: remind_proof(act, RemindProof(PASSES)))
