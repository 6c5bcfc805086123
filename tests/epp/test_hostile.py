"""Whatever a client sends: an answer in the official language, no 2400, no lost session, no secret in the log."""

import copy
import random
import re
from pathlib import Path

import pytest
from lxml import etree
from structlog.testing import capture_logs

from registry.epp import conversation as conversation_module
from registry.epp.conversation import Conversation
from registry.flows.runner import Runner
from tests.epp.official import assert_official
from tests.epp.test_golden import STORY, say
from tests.epp.test_schemas import TEXTS
from tests.epp.tls_world import login
from tests.epp.world import build_world

GOLDEN = Path(__file__).parent.parent / "golden" / "epp"
REQUESTS = [
    path.read_bytes() for path in sorted(GOLDEN.glob("*.request.xml")) if not path.name.startswith(("logout", "login"))
]
SEEDS = 60  # times the number of requests: some 5,000 damaged documents
HELLO = b'<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><hello/></epp>'
CODE = re.compile(rb'<result code="(\d+)">')


async def session_in_use(runner: Runner) -> Conversation:
    """A session with the objects of the golden story in the register."""
    world = await build_world(runner)
    session = world.conversation("registrar-a")
    await say(session, "login.accepted")
    for line in STORY:
        if line.startswith(("contact-create", "host-create", "domain-create")):
            await say(session, line)
    return session


async def expect_sane(session: Conversation, document: bytes) -> bytes:
    reply = await session.reply(document)
    assert_official(reply.document)
    code = CODE.search(reply.document)
    assert code is None or code[1] not in (b"2400", b"2500"), (document, reply.document)
    assert not reply.closes
    assert session.is_member
    await session.reply(HELLO)  # a session of nothing but broken documents would be ended, see test_standing
    return reply.document


async def test_damaged_octets(runner: Runner) -> None:
    """Octets flipped, cut, doubled and thrown in anywhere are answered, and the session stays."""
    session = await session_in_use(runner)
    for seed in range(SEEDS):
        chance = random.Random(seed)  # noqa: S311  # the damage must be the same in every run
        for document in REQUESTS:
            if chance.random() < 0.5:
                await expect_sane(session, damaged_octets(document, chance))


def damaged_octets(document: bytes, chance: random.Random) -> bytes:
    data = bytearray(document)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data))
        kind = chance.randrange(5)
        if kind == 0:
            data[at] = chance.randrange(256)
        elif kind == 1:
            del data[at : at + chance.randint(1, 60)]
        elif kind == 2:
            data[at:at] = data[at : at + chance.randint(1, 200)]
        elif kind == 3:
            data[at:at] = chance.choice(
                [b"<![CDATA[", b"<!DOCTYPE x>", b"&x;", b"\x00", b"]]>", b"<a/>", b"\xff\xfe", b"<!--", b"&#0;"]
            )
        else:
            data[at:at] = chance.choice([b"<" * 300, b"<a>" * 200, b"x" * 5000, "汉".encode() * 500])
        if not data:
            return b"x"
    return bytes(data)


async def test_damaged_trees(runner: Runner) -> None:
    """Well-formed documents with values, elements and attributes exchanged are answered, and the session stays."""
    session = await session_in_use(runner)
    trees = [parsed for document in REQUESTS if (parsed := tree(document)) is not None]
    for seed in range(SEEDS // 2):
        chance = random.Random(seed)  # noqa: S311  # the damage must be the same in every run
        for parsed in trees:
            await expect_sane(session, etree.tostring(damaged_tree(copy.deepcopy(parsed), chance)))


def tree(document: bytes) -> etree._Element | None:
    try:
        return etree.fromstring(document)
    except etree.XMLSyntaxError:
        return None


def damaged_tree(root: etree._Element, chance: random.Random) -> etree._Element:
    for _ in range(chance.randint(1, 2)):
        leaves = [element for element in root.iter() if isinstance(element.tag, str) and not len(element)]
        leaf = chance.choice(leaves)
        if chance.random() < 0.7:
            leaf.text = chance.choice(
                [*TEXTS, "\u202e汉", "a\u0300", "xn--a", "xn--0", "-", "..", "a..b", "*", "@", "%", "'; drop", "9" * 40]
            )
        elif leaf.attrib:
            leaf.set(chance.choice(sorted(leaf.attrib)), chance.choice(TEXTS))
    return root


BOMB = b"""<?xml version="1.0"?><!DOCTYPE z [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><hello>&c;</hello></epp>"""
OUTSIDE = b"""<!DOCTYPE z [<!ENTITY x SYSTEM "file:///etc/passwd">]><epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><hello>&x;</hello></epp>"""
DEEP = b'<epp xmlns="urn:ietf:params:xml:ns:epp-1.0">' + b"<hello>" * 500 + b"</hello>" * 500 + b"</epp>"
WIDE = (
    b'<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><hello ' + b" ".join(b'a%d="1"' % n for n in range(500)) + b"/></epp>"
)
MANY = b'<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><hello>' + b"<a/>" * 9000 + b"</hello></epp>"


ATTACKS = (BOMB, OUTSIDE, DEEP, WIDE, MANY, BOMB.decode().encode("utf-16"), b"", b"\x00" * 500)


async def test_attacks_on_the_parser(runner: Runner) -> None:
    """Entities, outside references, depth, width and emptiness are told 2001 before they cost anything."""
    session = (await build_world(runner)).conversation("registrar-a")
    await say(session, "login.accepted")
    for document in ATTACKS:
        answer = await expect_sane(session, document)
        assert b'code="2001"' in answer
        assert b"root:" not in answer


async def test_an_answer_does_not_grow_with_the_question(runner: Runner) -> None:
    """A frame full of wrong values is answered with a few kilobytes, whatever quotes it."""
    session = (await build_world(runner)).conversation("registrar-a")
    await say(session, "login.accepted")
    long = b"x" * 60_000
    for name, old in (
        ("domain-create.accepted", b"12345"),
        ("contact-create.second", b"CN"),
        ("domain-check.three", b"first.example"),
    ):
        document = (GOLDEN / f"{name}.request.xml").read_bytes().replace(old, long, 1)
        assert len(await expect_sane(session, document)) < 10_000


async def test_utf_16_is_read(runner: Runner) -> None:
    """A client may write UTF-16 (RFC 5730 section 5)."""
    world = await build_world(runner)
    session = world.conversation("registrar-a")
    document = '<?xml version="1.0" encoding="UTF-16"?>' + login("registrar-a").decode()
    assert b'code="1000"' in (await session.reply(document.encode("utf-16"))).document


async def test_no_secret_in_the_log(runner: Runner) -> None:
    """Passwords and authorization information never reach the log, whether accepted or refused, in order or broken."""
    secret = "k7Qw-mN42rX9pLs81tVbZ0"
    world = await build_world(runner)
    session = world.conversation("registrar-a")
    with capture_logs() as events:
        await session.reply(login("registrar-a", "wrong-secret-1"))
        await say(session, "login.accepted")
        for name in ("contact-create.accepted", "host-create.external", "host-create.second", "domain-create.accepted"):
            await say(session, name)
        for name in ("domain-update.changed", "domain-transfer.request", "domain-info.wrong-secret"):
            await say(session, name)
            await session.reply((GOLDEN / f"{name}.request.xml").read_bytes().replace(b"domain:pw", b"domain:px"))
    written = repr(events)
    for word in (secret, "wrong-secret-1", "secret-of-a"):
        assert word not in written
    assert [event["command"] for event in events][:2] == ["login", "login"]


async def test_one_event_a_command(runner: Runner) -> None:
    """A command leaves one event: who, what, which object, the code, how long, and both transaction ids."""
    world = await build_world(runner)
    session = world.conversation("registrar-a")
    await say(session, "login.accepted")
    with capture_logs() as events:
        await say(session, "contact-check.both")
    (event,) = events
    assert (event["registrar"], event["command"], event["kind"], event["object"]) == (
        "registrar-a",
        "check",
        "contact",
        "wang-1 +1",
    )
    assert (event["code"], event["client_trid"], event["address"]) == (1000, "contact-check-both", "192.0.2.1")
    assert event["trid"].startswith("ZM-")
    assert event["ms"] >= 0


async def test_a_fault_of_ours_tells_an_id_and_nothing_else(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    """When our own code breaks, the client gets 2400 with an id that the log has, no traceback, and keeps its session."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError("the inside of the machine")

    world = await build_world(runner)
    session = world.conversation("registrar-a")
    await say(session, "login.accepted")
    with monkeypatch.context() as patch, capture_logs() as events:
        patch.setattr(conversation_module, "find_command", broken)
        answer = (await say(session, "contact-check.both")).document
    assert_official(answer)
    assert b'code="2400"' in answer
    assert b"machine" not in answer
    fault = next(event for event in events if event["event"] == "fault")
    assert fault["fault"].encode() in answer
    assert b"chkData" in (await say(session, "contact-check.both")).document
