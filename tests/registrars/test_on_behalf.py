"""A command without a session: rehearsed, or carried out by an operator in a registrar's name."""

import re

import pytest

from registry.epp.namespaces import EXTENSION_URIS
from registry.epp.on_behalf import Desk
from registry.flows.act import Caller
from registry.flows.command_log.search import Logged, Wanted, search_commands
from registry.flows.person.create import CreatePerson, create_person
from registry.flows.registrar.set_status import SetStatus, set_status
from registry.flows.runner import Runner
from registry.kernel.errors import Reason, Refusal
from registry.model.person import Role
from registry.model.registrar import RegistrarStatus
from tests.epp import phrases as say
from tests.epp.official import assert_official
from tests.epp.world import TEST_ZONE, build_world
from tests.registrars.place import OPERATOR, A, B, act, ask, at_door, code_of, login

NAME = f"rehearsed.{TEST_ZONE}"
TABLES = (
    "domain", "bundle_name", "domain_host", "domain_contact", "host", "contact", "registrar", "history", "audit_entry", "change",
    "poll_message", "application", "retired_name", "decision", "notice",
)  # fmt: skip
WANG = Caller("person", "wang", may_override=True)


async def counts(runner: Runner) -> dict[str, int]:
    columns = ", ".join(f"(select count(*) from {table}) as {table}" for table in TABLES)
    row = await runner.db.fetchrow(f"select {columns}")
    assert row
    return dict(row)


def without_ids(answer: bytes) -> bytes:
    """Transaction ids and instants differ between two runs; all else must not."""
    return re.sub(rb"<svTRID>[^<]+|D\d+-|\d{4}-\d\d-\d\dT[0-9:.]+Z", b"#", answer)


async def desk_with_operator(runner: Runner) -> Desk:
    await build_world(runner)
    for name, role in (("wang", Role.OPERATOR), ("li", Role.AUDITOR)):
        order = CreatePerson(name, name, role, "a-long-password-1", "A" * 32)
        await act(runner, OPERATOR, create_person, order)
    return Desk(runner)


async def lines(runner: Runner, **wanted: str) -> list[Logged]:
    return (await act(runner, OPERATOR, search_commands, Wanted(**wanted))).lines  # type: ignore[arg-type]  # texts only


async def test_a_rehearsal_answers_as_the_door_does_and_leaves_nothing(runner: Runner) -> None:
    """Every command is answered as in a session, also refusals, and not one row is written; then it really works."""
    desk = await desk_with_operator(runner)
    session = at_door(runner)
    extensions = "".join(f"<extURI>{uri}</extURI>" for uri in sorted(EXTENSION_URIS))
    announced = login(A).replace(b"</svcs>", f"<svcExtension>{extensions}</svcExtension></svcs>".encode())
    assert code_of(await ask(session, announced)) == 1000
    await ask(session, say.contact_create("rst-contact"))
    documents = (
        say.domain_create(NAME),
        say.domain_create("a..b"),
        say.contact_create("other-contact"),
        say.contact_create("rst-contact"),
        say.host_create("ns1.example.icann"),
        say.named("domain", "check", NAME),
        say.named("domain", "info", NAME),
        say.named("domain", "delete", NAME),
        say.named("domain", "transfer", NAME, op="request"),
        b'<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><command><poll op="req"/></command></epp>',
        b"<epp",
        b"",
    )
    for document in documents:
        before = await counts(runner)
        rehearsed = await desk.rehearse(desk.wish(A, document, "en"), asker=f"registrar:{A}")
        assert_official(rehearsed)
        assert await counts(runner) == before, document
        real = await ask(session, document)
        assert without_ids(rehearsed) == without_ids(real), document
    assert {line.mode for line in await lines(runner)} == {"dry-run"}


async def test_a_rehearsal_is_of_commands_only(runner: Runner) -> None:
    """Hello is greeted; login is out of order as in any session; an unknown registrar has nothing to rehearse."""
    desk = await desk_with_operator(runner)
    hello = b'<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><hello/></epp>'
    assert b"<greeting>" in await desk.rehearse(desk.wish(A, hello), asker="person:wang")
    assert code_of(await desk.rehearse(desk.wish(A, login(A)), asker="person:wang")) == 2002
    with pytest.raises(Refusal) as caught:
        await desk.rehearse(desk.wish("nobody", hello), asker="person:wang")
    assert caught.value.reason is Reason.NOT_FOUND


async def test_a_rehearsal_goes_by_the_registrars_state(runner: Runner) -> None:
    """What the registrar may not do now is refused in the rehearsal as it would be."""
    desk = await desk_with_operator(runner)
    await act(runner, OPERATOR, set_status, SetStatus(A, RegistrarStatus.READ_ONLY, "核查"))
    assert code_of(await desk.rehearse(desk.wish(A, say.contact_create("c-1")), asker="person:wang")) == 2201


async def test_an_operator_acts_in_a_registrars_name(runner: Runner) -> None:
    """It is carried out and the registrar's; history, audit and log name the operator behind it; the registrar is told why."""
    desk = await desk_with_operator(runner)
    answer = await desk.act_for(WANG, desk.wish(A, say.contact_create("by-wang")), "机构书面委托 2026-17")
    assert code_of(answer) == 1000
    assert_official(answer)
    row = await runner.db.fetchrow("select registrar_id, created_by from contact where id = 'by-wang'")
    assert row
    assert tuple(row) == (A, A)
    actor = f"registrar:{A} by person:wang"
    assert await runner.db.fetchval("select actor from history where act = 'contact.created'") == actor
    rows = await runner.db.fetch(
        "select actor, act, trid, detail from audit_entry where trid = $1 order by id", trid_of(answer)
    )
    assert [(row["actor"], row["act"]) for row in rows] == [
        ("person:wang", "registrar.impersonated"),
        (actor, "contact.created"),
    ]
    assert "机构书面委托 2026-17" in rows[0]["detail"]
    (line,) = await lines(runner, trid=trid_of(answer))
    assert (line.mode, line.actor, line.registrar_id) == ("impersonated", actor, A)
    told = await runner.db.fetchval(
        "select text_zh from notice where recipient = $1 and kind = 'registrar.impersonated'", A
    )
    assert "机构书面委托 2026-17" in told


@pytest.mark.parametrize(
    ("caller", "registrar", "reason", "refusal"),
    [
        (Caller("person", "li", may_override=True), A, "x", Reason.NOT_PERMITTED),
        (Caller("person", "nobody", may_override=True), A, "x", Reason.NOT_PERMITTED),
        (Caller("registrar", B), A, "x", Reason.NOT_PERMITTED),
        (Caller("job", "x"), A, "x", Reason.NOT_PERMITTED),
        (WANG, A, "  ", Reason.PARAMETER_MISSING),
        (WANG, A, "x" * 501, Reason.TOO_LARGE),
        (WANG, "nobody", "x", Reason.NOT_FOUND),
    ],
)
async def test_nobody_else_acts_for_a_registrar(
    runner: Runner, caller: Caller, registrar: str, reason: str, refusal: Reason
) -> None:
    """Only an operator with an account, only with a reason, only for a registrar that is there; and then nothing is done."""
    desk = await desk_with_operator(runner)
    before = await counts(runner)
    with pytest.raises(Refusal) as caught:
        await desk.act_for(caller, desk.wish(registrar, say.contact_create("by-wang")), reason)
    assert caught.value.reason is refusal
    assert await counts(runner) == before


async def test_a_refused_command_leaves_the_record_of_the_try(runner: Runner) -> None:
    """What an operator tried in a registrar's name stays on record also when the command itself was refused."""
    desk = await desk_with_operator(runner)
    answer = await desk.act_for(WANG, desk.wish(A, say.named("domain", "delete", NAME)), "清理")
    assert code_of(answer) == 2303
    sql = "select count(*) from audit_entry where act = 'registrar.impersonated' and trid = $1"
    assert await runner.db.fetchval(sql, trid_of(answer)) == 1


def trid_of(answer: bytes) -> str:
    return answer.split(b"<svTRID>")[1].split(b"<")[0].decode()
