"""Who may no longer speak: a session ends at the next command after its registrar or its key was stopped."""

import pytest

from registry.epp.conversation import Conversation
from registry.epp.session.state import MAX_BROKEN
from registry.epp.standing import STANDING_SECONDS
from registry.flows.act import Act, Caller
from registry.flows.registrar.revoke_certificate import RevokeCertificate, revoke_certificate
from registry.flows.registrar.set_status import SetStatus, set_status
from registry.flows.runner import Runner
from registry.kernel.errors import Reason, Refusal
from registry.model.registrar import RegistrarStatus
from tests.epp import phrases as say
from tests.epp.official import assert_official
from tests.epp.test_golden import say as say_golden
from tests.epp.world import OPERATOR, TEST_ZONE, build_world, key_of
from tests.kit.clock import FakeClock

CHECK = say.named("domain", "check", f"free.{TEST_ZONE}")
NO_XML = b"<epp"


async def logged_in(runner: Runner) -> Conversation:
    world = await build_world(runner)
    session = world.conversation("registrar-a")
    await say_golden(session, "login.accepted")
    return session


async def stop(runner: Runner, status: RegistrarStatus) -> None:
    async def stopped(act: Act) -> None:
        await set_status(act, SetStatus("registrar-a", status, "协议终止"))

    await runner.run(OPERATOR, stopped)


async def test_a_terminated_registrar_is_out_at_the_next_command(runner: Runner, clock: FakeClock) -> None:
    """Within a second of the decision its open session is told 2501 and ends."""
    session = await logged_in(runner)
    assert b'code="1000"' in (await session.reply(CHECK)).document
    await stop(runner, RegistrarStatus.TERMINATED)
    await clock.move(seconds=STANDING_SECONDS)
    reply = await session.reply(CHECK)
    assert_official(reply.document)
    assert b'code="2501"' in reply.document
    assert reply.closes


async def test_a_suspended_registrar_goes_on_looking(runner: Runner, clock: FakeClock) -> None:
    """Suspension stops creates, not sessions."""
    session = await logged_in(runner)
    await stop(runner, RegistrarStatus.SUSPENDED)
    await clock.move(seconds=STANDING_SECONDS)
    assert b'code="1000"' in (await session.reply(CHECK)).document


async def test_a_revoked_key_is_out_at_the_next_command(runner: Runner, clock: FakeClock) -> None:
    """A registrar revokes its own key, and the sessions that it opened end."""
    session = await logged_in(runner)
    order = RevokeCertificate("registrar-a", key_of("registrar-a"), "密钥泄露")
    with pytest.raises(Refusal) as caught:
        await runner.run(Caller("registrar", "registrar-b"), lambda act: revoke_certificate(act, order))
    assert caught.value.reason is Reason.NOT_PERMITTED
    await runner.run(Caller("registrar", "registrar-a"), lambda act: revoke_certificate(act, order))
    await clock.move(seconds=STANDING_SECONDS)
    reply = await session.reply(CHECK)
    assert b'code="2501"' in reply.document
    assert reply.closes


async def test_only_an_operator_stops_a_registrar_and_says_why(runner: Runner) -> None:
    """Nobody else may, not even the registrar itself; a reason is kept."""
    await logged_in(runner)
    order = SetStatus("registrar-a", RegistrarStatus.TERMINATED, "")
    for caller, reason in (
        (Caller("registrar", "registrar-a"), Reason.NOT_PERMITTED),
        (OPERATOR, Reason.PARAMETER_MISSING),
    ):
        with pytest.raises(Refusal) as caught:
            await runner.run(caller, lambda act: set_status(act, order))
        assert caught.value.reason is reason


async def test_a_client_that_speaks_another_language_is_let_go(runner: Runner) -> None:
    """A session survives broken documents, but not a hundred one after the other; one good document begins the count anew."""
    session = await logged_in(runner)
    for _ in range(MAX_BROKEN - 1):
        reply = await session.reply(NO_XML)
        assert b'code="2001"' in reply.document
        assert not reply.closes
    assert b'code="1000"' in (await session.reply(CHECK)).document
    replies = [await session.reply(NO_XML) for _ in range(MAX_BROKEN)]
    assert [reply.closes for reply in replies] == [False] * (MAX_BROKEN - 1) + [True]
    assert b'code="2500"' in replies[-1].document
    assert_official(replies[-1].document)
