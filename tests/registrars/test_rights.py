"""What a login may do: the state of the registrar, its rights, the user's rights; and at once, in running sessions."""

import asyncio
from itertools import product

import pytest

from registry.epp.commands import COMMANDS
from registry.flows.act import Caller
from registry.flows.registrar.limits import SetLimits, SetRights, set_limits, set_rights
from registry.flows.registrar.set_status import SetStatus, set_status
from registry.flows.registrar.users import CreateUser, SetUserStatus, create_user, rights_from, set_user_status
from registry.flows.runner import Runner
from registry.kernel.errors import Reason, Refusal
from registry.model.registrar import (
    ALL_RIGHTS,
    MAY_LOG_IN,
    PRESETS,
    RIGHTS_OF_STATUS,
    STATUS_WORDS,
    Limits,
    RegistrarStatus,
    Right,
    UserStatus,
    right_for,
)
from tests.epp import phrases as say
from tests.epp.tls_world import Door
from tests.epp.world import TEST_ZONE, build_world
from tests.kit.clock import FakeClock
from tests.registrars.place import OPERATOR, PASSWORD, A, B, act, ask, at_door, code_of, enter, login, refuses, soon

NAME = f"rights.{TEST_ZONE}"
CHECK = say.named("domain", "check", NAME)
CONTACT = say.contact_create("rst-contact")
RENEW = say.named("domain", "renew", NAME, "<domain:curExpDate>2026-06-01</domain:curExpDate>")
# One command a right; each is answered with something else than 2201 when the right is there.
COMMANDS_OF = {
    Right.CREATE: say.domain_create(f"new.{TEST_ZONE}"),
    Right.UPDATE: say.status_change("domain", NAME, "add", "clientHold"),
    Right.RENEW: RENEW,
    Right.TRANSFER: say.named(
        "domain",
        "transfer",
        "nobody.icann",
        "<domain:authInfo><domain:pw>x</domain:pw></domain:authInfo>",
        op="request",
    ),
    Right.ANSWER: say.named("domain", "transfer", NAME, op="approve"),
    Right.DELETE: say.named("domain", "delete", f"none.{TEST_ZONE}"),
    Right.ACKNOWLEDGE: b'<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><command><poll op="ack" msgID="1"/></command></epp>',
}


def test_every_command_that_changes_something_needs_a_right() -> None:
    """What is not marked as only reading needs a right, and what only reads needs none, with every operation."""
    operations = ("", "request", "query", "approve", "reject", "cancel", "ack", "req")
    for row, operation in product(COMMANDS, operations):
        if row.verb == "transfer" and operation not in operations[1:6]:
            continue
        op = row.operation or (operation if row.verb == "transfer" else "")
        needed = right_for(row.verb, op)
        only_looks = row.only_reads or (row.verb == "transfer" and op == "query")
        assert (needed is None) == only_looks, (row.verb, op)


def test_the_tables_are_complete() -> None:
    """Every state has its rights and its words; what may not log in may do nothing."""
    assert set(RIGHTS_OF_STATUS) == set(RegistrarStatus)
    assert {*RegistrarStatus, *UserStatus} <= set(STATUS_WORDS)
    assert all(not RIGHTS_OF_STATUS[status] for status in set(RegistrarStatus) - MAY_LOG_IN)
    assert set(COMMANDS_OF) == set(Right)


async def have(runner: Runner) -> None:
    """A contact and a domain of registrar A."""
    session = await enter(runner)
    assert code_of(await ask(session, CONTACT)) == 1000
    assert code_of(await ask(session, say.domain_create(NAME))) == 1000


@pytest.mark.parametrize("status", [one for one in RegistrarStatus if one in MAY_LOG_IN])
async def test_the_state_of_a_registrar_bounds_its_commands(
    runner: Runner, clock: FakeClock, status: RegistrarStatus
) -> None:
    """Each state lets through exactly the commands of its row; looking always works; the refusal names the state."""
    await build_world(runner)
    await have(runner)
    session = await enter(runner)
    await act(runner, OPERATOR, set_status, SetStatus(A, status, "依据协议"))
    await clock.move(seconds=2)
    assert code_of(await ask(session, CHECK)) == 1000
    for right, document in COMMANDS_OF.items():
        answer = await ask(session, document)
        is_barred = code_of(answer) == 2201 and b"does not have the right" in answer
        assert is_barred == (right not in RIGHTS_OF_STATUS[status]), (status, right, answer)
        assert not is_barred or STATUS_WORDS[status].en.encode() in answer


@pytest.mark.parametrize("preset", PRESETS)
async def test_a_user_does_what_its_rights_say(runner: Runner, preset: str) -> None:
    """A user with fewer rights looks at everything and changes only what it may; its registrar sponsors what it makes."""
    await build_world(runner)
    await have(runner)
    await act(runner, A, create_user, CreateUser(A, "clerk-1", PASSWORD, "经办", rights_from(preset)))
    session = await enter(runner, "clerk-1", PASSWORD)
    assert code_of(await ask(session, CHECK)) == 1000
    for right, document in COMMANDS_OF.items():
        answer = await ask(session, document)
        assert (b"does not have the right" in answer) == (right not in PRESETS[preset]), (right, answer)
    if Right.CREATE in PRESETS[preset]:
        assert await runner.db.fetchval("select registrar_id from domain where name = $1", f"new.{TEST_ZONE}") == A


async def test_rights_of_registrar_and_user_are_cut_with_each_other(runner: Runner, clock: FakeClock) -> None:
    """What the registrar may not, its user may not either, whatever the user's rights say."""
    await build_world(runner)
    await act(runner, A, create_user, CreateUser(A, "clerk-1", PASSWORD))
    session = await enter(runner, "clerk-1", PASSWORD)
    await act(runner, OPERATOR, set_rights, SetRights(A, ALL_RIGHTS - {Right.CREATE}))
    await clock.move(seconds=2)
    assert code_of(await ask(session, CONTACT)) == 2201
    await act(runner, OPERATOR, set_rights, SetRights(A, ALL_RIGHTS))
    await clock.move(seconds=2)
    assert code_of(await ask(session, CONTACT)) == 1000


async def test_a_change_reaches_running_sessions_at_once(door: Door) -> None:
    """Rights that were taken, and a user that was stopped, count in sessions that run, long before the second is over."""
    client = await door.log_in(A)
    assert b'code="1000"' in await client.ask(CONTACT)
    await act(door.runner, OPERATOR, set_rights, SetRights(A, frozenset()))
    began = asyncio.get_running_loop().time()
    number = 0

    async def barred() -> bool:
        nonlocal number
        number += 1
        return b'code="2201"' in await client.ask(say.contact_create(f"contact-{number}"))

    assert await soon(barred)
    assert asyncio.get_running_loop().time() - began < 0.9
    await act(door.runner, OPERATOR, set_status, SetStatus(A, RegistrarStatus.TERMINATED, "协议终止"))

    async def ended() -> bool:
        return b'code="2501"' in await client.ask(CHECK)

    assert await soon(ended)
    assert await client.is_closed()


async def test_a_users_password_and_state_are_its_own(runner: Runner, clock: FakeClock) -> None:
    """The registrar's password opens no user and the other way round; a stopped user is out, an ended one for good."""
    await build_world(runner)
    await act(runner, A, create_user, CreateUser(A, "clerk-1", PASSWORD))
    for name, password in (("clerk-1", "secret-of-a"), (A, PASSWORD), ("clerk-2", PASSWORD)):
        assert code_of(await ask(at_door(runner), login(name, password))) == 2200
    assert code_of(await ask(at_door(runner, B), login("clerk-1", PASSWORD))) == 2200
    session = await enter(runner, "clerk-1", PASSWORD)
    await act(runner, A, set_user_status, SetUserStatus(A, "clerk-1", UserStatus.SUSPENDED, "离岗"))
    await clock.move(seconds=2)
    assert code_of(await ask(session, CHECK)) == 2501
    assert code_of(await ask(at_door(runner), login("clerk-1", PASSWORD))) == 2200
    await act(runner, A, set_user_status, SetUserStatus(A, "clerk-1", UserStatus.ACTIVE, "返岗"))
    await enter(runner, "clerk-1", PASSWORD)
    await act(runner, A, set_user_status, SetUserStatus(A, "clerk-1", UserStatus.ENDED, "离职"))
    back = SetUserStatus(A, "clerk-1", UserStatus.ACTIVE, "返岗")
    await refuses(runner, A, set_user_status, back, Reason.NOT_FOUND)


async def test_a_user_changes_its_own_password_at_login(runner: Runner) -> None:
    """NewPW of a user's login replaces the user's password and nobody else's."""
    await build_world(runner)
    await act(runner, A, create_user, CreateUser(A, "clerk-1", PASSWORD))
    assert code_of(await ask(at_door(runner), login("clerk-1", PASSWORD, "another-password"))) == 1000
    assert code_of(await ask(at_door(runner), login("clerk-1", PASSWORD))) == 2200
    await enter(runner, "clerk-1", "another-password")
    await enter(runner)


async def test_a_login_id_is_given_once(runner: Runner) -> None:
    """Neither a registrar's id nor another user's can be a user's, and a new registrar gets no user's id; also in a race."""
    await build_world(runner)
    await act(runner, A, create_user, CreateUser(A, "clerk-1", PASSWORD))
    for taken in (A, B, "clerk-1"):
        await refuses(runner, B, create_user, CreateUser(B, taken, PASSWORD), Reason.ALREADY_EXISTS)
    insert = "insert into registrar (id, name, password_hash, created_at) values ('clerk-1', 'x', '-', now())"
    with pytest.raises(Exception, match="is taken"):
        await runner.db.execute(insert)
    made = await asyncio.gather(
        *(act(runner, name, create_user, CreateUser(name, "clerk-9", PASSWORD)) for name in (A, B)),
        return_exceptions=True,
    )
    assert sorted(isinstance(one, Refusal) for one in made) == [False, True]


async def test_only_operators_set_limits_and_the_registrars_own_rights(runner: Runner) -> None:
    """A registrar cannot widen what it may, nor touch another's users."""
    await build_world(runner)
    await act(runner, A, create_user, CreateUser(A, "clerk-1", PASSWORD))
    for caller in (A, B, Caller("person", "somebody")):
        await refuses(runner, caller, set_limits, SetLimits(A, Limits(100.0)), Reason.NOT_PERMITTED)
        await refuses(runner, caller, set_rights, SetRights(A, ALL_RIGHTS), Reason.NOT_PERMITTED)
    await refuses(runner, B, set_rights, SetRights(A, ALL_RIGHTS, "clerk-1"), Reason.NOT_PERMITTED)
    order = SetUserStatus(A, "clerk-1", UserStatus.ENDED, "x")
    await refuses(runner, B, set_user_status, order, Reason.NOT_PERMITTED)
    await refuses(runner, OPERATOR, set_limits, SetLimits(A, Limits(rate=1e9)), Reason.VALUE_OUT_OF_RANGE)
    await refuses(runner, OPERATOR, set_limits, SetLimits("nobody", Limits(1.0)), Reason.NOT_FOUND)
    with pytest.raises(Refusal):
        rights_from("everything")


async def test_every_change_of_an_account_is_audited(runner: Runner) -> None:
    """State, limits, rights and users leave an audit entry with who and why, and the registrar hears of its state."""
    await build_world(runner)
    await act(runner, OPERATOR, set_status, SetStatus(A, RegistrarStatus.NO_CREATE, "欠费"))
    await act(runner, OPERATOR, set_limits, SetLimits(A, Limits(5.0, 10, 3)))
    await act(runner, OPERATOR, set_rights, SetRights(A, PRESETS["no-delete"]))
    await act(runner, OPERATOR, create_user, CreateUser(A, "clerk-1", PASSWORD))
    rows = await runner.db.fetch(
        "select act, actor, detail from audit_entry where subject = $1 and actor = 'person:operator' order by id", A
    )
    assert [row["act"] for row in rows] == [
        "registrar.status_changed", "registrar.limits_changed", "registrar.rights_changed", "registrar.user_created",
    ]  # fmt: skip
    assert "欠费" in rows[0]["detail"]
    assert PASSWORD not in "".join(row["detail"] for row in rows)
    told = await runner.db.fetchval(
        "select text_zh from notice where recipient_kind = 'registrar' and recipient = $1", A
    )
    assert "欠费" in told
