"""The session as a value: no socket, no database."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from registry.epp.answer import Answer, Piece, Queue, Reader, refused, write_answer
from registry.epp.budget import MAX_STRANGERS_PER_ADDRESS, Guest, may_arrive, may_enter
from registry.epp.commands import COMMANDS
from registry.epp.markup import tag
from registry.epp.namespaces import DOMAIN, EXTENSIONS, OBJECTS, RGP, UNHANDLED
from registry.epp.request import OBJECT_VERBS, Kind, read_request
from registry.epp.results import Code
from registry.epp.session.state import TABLE, Session, State, Step
from registry.epp.session.warnings import write_warnings
from registry.kernel.errors import Problem, Reason, Refusal, Text
from tests.epp.official import assert_official
from tests.kit.shared import shared_path

NOW = datetime(2026, 6, 1, 1, tzinfo=UTC)
DATA = Piece(DOMAIN, '<domain:creData xmlns:domain="urn:ietf:params:xml:ns:domain-1.0"><domain:name>a.example</domain:name>'
             "<domain:crDate>2026-06-01T01:00:00.000Z</domain:crDate></domain:creData>")  # fmt: skip
GRACE = Piece(
    RGP, '<rgp:infData xmlns:rgp="urn:ietf:params:xml:ns:rgp-1.0"><rgp:rgpStatus s="addPeriod"/></rgp:infData>'
)


def test_the_table_is_complete() -> None:
    """Every kind of document has an answer in every state."""
    assert set(TABLE) == set(product(State, Kind))


def test_a_stranger_gets_nothing_done() -> None:
    """Before login no command is performed, whatever it is."""
    assert Step.PERFORM not in {step for (state, _), step in TABLE.items() if state is State.STRANGER}


def test_every_row_of_the_command_table_is_found_once() -> None:
    """No two rows answer the same command, and each belongs to a verb and an object that we announce."""
    keys = [(row.verb, row.namespace, row.operation) for row in COMMANDS]
    assert len(keys) == len(set(keys))
    assert {row.verb for row in COMMANDS} == {*OBJECT_VERBS, "poll"}
    assert {row.namespace for row in COMMANDS} == {"", *(service.uri for service in OBJECTS)}


def test_extensions_of_the_table_are_announced() -> None:
    """A command takes no extension element that the greeting does not offer."""
    announced = {service.uri for service in EXTENSIONS}
    assert {uri for row in COMMANDS for uri, _ in row.extensions} <= announced


@pytest.mark.parametrize("length", [1, 2, 65, 200])
def test_an_impossible_client_transaction_id_is_not_given_back(length: int) -> None:
    """A clTRID that the official schema does not allow would make our answer invalid, so it is left out."""
    document = (
        f'<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><command><logout/><clTRID>{"x" * length}</clTRID></command></epp>'
    )
    asked = read_request(document.encode(), 65536)
    assert asked.client_trid == ""
    assert asked.refusal is not None
    assert asked.refusal.reason is Reason.SYNTAX_INVALID


def test_unhandled_data_of_a_poll_message_is_moved_aside() -> None:
    """RFC 9038 section 5: a message whose namespaces the client did not announce still reaches it, as extValue."""
    queue = Queue(1, "7", NOW, Text("一条消息", "a message"))
    answer = Answer(Code.MESSAGE, DATA, (GRACE,), queue)
    root = assert_official(write_answer(answer, Reader("en", frozenset({DOMAIN})), "abc", "ZM-1"))
    reasons = root.xpath("//*[local-name()='extValue']/*[local-name()='reason']/text()")
    assert reasons == [f"{RGP} not in login services"]
    assert root.xpath("//*[local-name()='resData']/*[local-name()='creData']")


@pytest.mark.parametrize(("services", "moved"), [(frozenset({DOMAIN}), 0), (frozenset({DOMAIN, UNHANDLED}), 1)])
def test_unhandled_data_of_other_answers(services: frozenset[str], moved: int) -> None:
    """RFC 9038 section 4: other answers move data aside only for clients that announced the practice; others get none of it."""
    root = assert_official(write_answer(Answer(Code.OK, DATA, (GRACE,)), Reader("en", services), "", "ZM-1"))
    assert len(root.xpath("//*[local-name()='extValue']")) == moved
    assert not root.xpath("//*[local-name()='extension']")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_refusal_is_told_in_both_languages(language: str) -> None:
    """The message is in the language of the session; the reasons stand in both, the session's first."""
    refusal = Refusal(Reason.NOT_FOUND, "没有这个域名", "no such domain", where="name", value="a<b>.example")
    root = assert_official(write_answer(refused(refusal, DOMAIN), Reader(language), "", "ZM-1"))
    reasons = root.xpath("//*[local-name()='reason']/text()")
    assert reasons == (["没有这个域名", "no such domain"] if language == "zh" else ["no such domain", "没有这个域名"])
    assert root.xpath("string(//*[local-name()='msg'])") == (
        "对象不存在" if language == "zh" else "Object does not exist"
    )
    assert root.xpath("string(//*[local-name()='value'])") == "a<b>.example"


def test_a_secret_is_never_given_back() -> None:
    """A refusal about a password or authorization information does not repeat it."""
    for where in ("pw", "newPW", "authInfo", "domain:authInfo"):
        refusal = Refusal(Reason.VALUE_INVALID, "不行", "no", where=where, value="hunter2")
        assert b"hunter2" not in write_answer(refused(refusal, DOMAIN), Reader(), "", "ZM-1")


def test_every_finding_is_told_once() -> None:
    """A refusal with several findings tells each, and does not repeat a head sentence that is made of them."""
    problems = tuple(
        Problem(Reason.NAME_REFUSED, Text(f"理由{n}", f"reason {n}"), "name", "a", {"rule": f"RULE.{n}"})
        for n in (1, 2)
    )
    refusal = Refusal(Reason.NAME_REFUSED, "理由1理由2", "reason 1 reason 2", problems=problems)
    text = write_answer(refused(refusal, DOMAIN), Reader(), "", "ZM-1").decode()
    assert [text.count(f"reason {n} (RULE.{n})") for n in (1, 2)] == [1, 1]
    assert text.count("<reason") == 4


def test_characters_that_xml_forbids_are_replaced() -> None:
    """Text from elsewhere with characters outside XML 1.0 cannot break an answer."""
    assert tag("msg", 'a\x00b\ufffe"<&>') == "<msg>a\ufffdb\ufffd&quot;&lt;&amp;&gt;</msg>"


def test_a_certificate_that_ends_soon_is_warned_of() -> None:
    """RFC 8807: from thirty days before its end, a login is answered with a warning about the certificate."""
    assert write_warnings(NOW + timedelta(days=31), NOW, "en") == ()
    (piece,) = write_warnings(NOW + timedelta(days=29), NOW, "zh")
    answer = Answer(extensions=(piece,))
    assert b"exDate" in write_answer(answer, Reader("zh", frozenset({piece.uri})), "", "ZM-1")
    assert_official(write_answer(answer, Reader("zh", frozenset({piece.uri})), "", "ZM-1"))


def test_failures_are_counted() -> None:
    """The third wrong login on a connection is the last."""
    session = Session()
    for spent in (False, False, True):
        session = session.failed()
        assert session.is_spent is spent


def test_the_budget_counts_what_is_open() -> None:
    """One address cannot hoard connections before login; a registrar has its own number; the door has a total."""
    hoard = [Guest("192.0.2.1", "")] * MAX_STRANGERS_PER_ADDRESS
    assert not may_arrive(hoard, "192.0.2.1", 10_000)
    assert may_arrive(hoard, "192.0.2.2", 10_000)
    assert not may_arrive(hoard, "192.0.2.2", len(hoard))
    assert not may_enter([Guest("192.0.2.1", "registrar-a")] * 3, "registrar-a", 3)
    assert may_enter([Guest("192.0.2.1", "registrar-a")] * 3, "registrar-b", 3)


def test_every_announced_namespace_has_an_official_schema_or_none_at_all() -> None:
    """What we announce is official: each namespace with elements is defined by a schema of the conformance set."""
    texts = "".join(path.read_text() for path in shared_path("conformance/epp-xsd").glob("*.xsd"))
    for service in (*OBJECTS, *EXTENSIONS):
        if service.prefix:
            assert f'"{service.uri}"' in texts, service
