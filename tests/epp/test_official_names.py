"""Names of public bodies through this door: the check of the establishment database stands inside domain:create."""

from pathlib import Path

import pytest

from registry.epp.conversation import Conversation
from registry.establishment import importing
from registry.establishment.importing import import_file
from registry.flows.act import Act, Caller
from registry.flows.domain.settle_application import SettleDomainApplication, settle_domain_application
from registry.flows.runner import Runner
from registry.flows.verification.issue import Issued, IssueVerification, issue_verification
from registry.kernel.names import to_a
from tests.epp.official import assert_official
from tests.epp.test_golden import GOLDEN, say
from tests.epp.world import OPERATOR, World, build_world

BODIES = Path(importing.__file__).parent / "real_bodies.csv"
TSINGHUA = "12100000400000624D"
REGISTRANT = ("registrant", TSINGHUA, "清华大学")


@pytest.fixture
async def world(runner: Runner) -> World:
    made = await build_world(runner)
    await import_file(runner.db, BODIES, snapshot=False, actor=OPERATOR.actor, clock=runner.clock)
    return made


@pytest.fixture
async def session(world: World) -> Conversation:
    """A session of registrar-a with a contact of its own."""
    conversation = world.conversation("registrar-a")
    await say(conversation, "login.accepted")
    await say(conversation, "contact-create.accepted")
    return conversation


async def issue(world: World, kind: str, uscc: str, name: str) -> str:
    async def ask(act: Act) -> object:
        return await issue_verification(act, IssueVerification(kind, uscc, name))

    issued = await world.runner.run(Caller("registrar", "registrar-a"), ask)
    assert isinstance(issued, Issued), issued
    return issued.encoded


def create(name: str, *codes: str) -> bytes:
    extension = "".join(f"<v:code>{code}</v:code>" for code in codes)
    return f"""<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><command><create>
      <d:create xmlns:d="urn:ietf:params:xml:ns:domain-1.0"><d:name>{name}</d:name><d:registrant>wang-1</d:registrant>
      <d:contact type="admin">wang-1</d:contact><d:authInfo><d:pw/></d:authInfo></d:create></create>
      <extension><v:encodedSignedCode xmlns:v="urn:ietf:params:xml:ns:verificationCode-1.0">{extension}</v:encodedSignedCode></extension>
      <clTRID>create-1</clTRID></command></epp>""".encode()


def check(name: str) -> bytes:
    return f"""<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><command><check>
      <d:check xmlns:d="urn:ietf:params:xml:ns:domain-1.0"><d:name>{name}</d:name></d:check></check></command></epp>""".encode()


async def ask(session: Conversation, document: bytes) -> str:
    reply = await session.reply(document)
    assert_official(reply.document)
    return reply.document.decode()


async def test_a_verified_body_gets_its_name(world: World, session: Conversation) -> None:
    """清华大学 with a registrant code creates 清华大学.公益 at once, and its bundle stands in the answer."""
    code = await issue(world, *REGISTRANT)
    answer = await ask(session, create(to_a("清华大学.公益"), code))
    assert 'code="1000"' in answer
    assert 'uLabel="清华大学.公益"' in answer
    assert 'uLabel="清華大學.公益"' in answer


@pytest.mark.parametrize(
    ("name", "rule"), [("清华大学.政务", "ELIGIBILITY.APPROVAL"), ("北京大学.公益", "NAME.UNRELATED")]
)
async def test_a_name_that_is_not_the_bodys_is_refused(
    world: World, session: Conversation, name: str, rule: str
) -> None:
    """2306 with the rule and the reason in Chinese and in English."""
    code = await issue(world, *REGISTRANT)
    answer = await ask(session, create(to_a(name), code))
    assert 'code="2306"' in answer
    assert answer.count(rule) == 2, answer
    assert '<reason lang="zh">' in answer


async def test_a_changed_code_is_refused(world: World, session: Conversation) -> None:
    """A code whose octets were changed proves nothing: 2306."""
    code = await issue(world, *REGISTRANT)
    damaged = code[:400] + ("A" if code[400] != "A" else "B") + code[401:]
    assert 'code="2306"' in await ask(session, create(to_a("清华大学.公益"), damaged))


async def test_a_code_works_for_its_registrar_only(world: World) -> None:
    """Another registrar cannot use a code that was issued to registrar-a."""
    code = await issue(world, *REGISTRANT)
    stranger = world.conversation("registrar-b")
    await say(stranger, "login.other")
    await say(stranger, "contact-create.accepted")
    assert 'code="2306"' in await ask(stranger, create(to_a("清华大学.公益"), code))


@pytest.mark.parametrize(("approved", "result"), [(True, "1"), (False, "0")])
async def test_a_name_for_review_is_pending(world: World, session: Conversation, approved: bool, result: str) -> None:
    """A name that needs a reviewer is answered 1001 and is busy meanwhile; what was decided comes by poll with both transaction ids."""
    code = await issue(world, *REGISTRANT)
    name = to_a("清华.公益")
    answer = await ask(session, create(name, code))
    assert 'code="1001"' in answer
    assert 'avail="0"' in await ask(session, check(name))
    await settle(world, approved=approved)
    told = await ask(session, (GOLDEN / "poll-request.any.request.xml").read_text().encode())
    trid = answer.partition("<svTRID>")[2].partition("<")[0]
    assert f'<domain:name paResult="{result}">{name}</domain:name>' in told
    assert f"<domain:paTRID><clTRID>create-1</clTRID><svTRID>{trid}</svTRID></domain:paTRID>" in told
    assert ('avail="1"' in await ask(session, check(name))) is not approved


async def settle(world: World, *, approved: bool) -> None:
    application = await world.runner.db.fetchval("select id from application where state = 'submitted'")

    async def decide(act: Act) -> object:
        return await settle_domain_application(act, SettleDomainApplication(application, approved, "依据"))

    await world.runner.run(Caller("person", "reviewer-central"), decide)


async def test_the_u_form_may_stand_beside_the_name(world: World, session: Conversation) -> None:
    """idn:data and b-dn:create may repeat the name in its U-form; info answers both, with the table."""
    code = await issue(world, *REGISTRANT)
    name = to_a("清华大学.公益")
    extension = f"""<idn:data xmlns:idn="urn:ietf:params:xml:ns:idn-1.0"><idn:table>zh</idn:table><idn:uname>清华大学.公益</idn:uname></idn:data>
      <b:create xmlns:b="urn:ietf:params:xml:ns:epp:b-dn"><b:rdn uLabel="清华大学.公益">{name}</b:rdn></b:create></extension>"""
    document = create(name, code).decode().replace("</extension>", extension)
    assert 'code="1000"' in await ask(session, document.encode())
    shown = await ask(session, check(name).replace(b"check", b"info"))
    assert "<idn:uname>清华大学.公益</idn:uname>" in shown
    assert '<b-dn:bdn uLabel="清華大學.公益">' in shown


@pytest.mark.parametrize(
    ("table", "uname", "code"), [("zh", "北京大学.公益", 2005), ("ja", "清华大学.公益", 2306), ("zh", "-", 2005)]
)
async def test_a_u_form_that_is_another_name_is_refused(
    session: Conversation, table: str, uname: str, code: int
) -> None:
    """What idn:data says must be the name itself and a table of ours, or nothing is created."""
    extension = f"""<idn:data xmlns:idn="urn:ietf:params:xml:ns:idn-1.0"><idn:table>{table}</idn:table>
      <idn:uname>{uname}</idn:uname></idn:data></extension>"""
    document = create(to_a("清华大学.公益"), "AAAA").decode().replace("</extension>", extension)
    assert f'code="{code}"' in await ask(session, document.encode())
