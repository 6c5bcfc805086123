"""The message queue: RFC 5730 section 2.9.2.3."""

from registry.flows.poll.acknowledge import PollAcknowledge, poll_acknowledge
from registry.flows.poll.request import PollRequest, poll_request
from registry.kernel.errors import Reason
from tests.flows.world import A, B, World


async def filled(world: World, registrar: str, count: int) -> None:
    async with world.runner.db.transaction() as conn:
        for number in range(count):
            await conn.execute(
                "insert into poll_message (registrar_id, at, text_zh, text_en, kind, payload) values ($1, $2, $3, $4, 'notice', $5)",
                registrar, world.runner.clock.now(), f"消息 {number}", f"message {number}", {"number": number},
            )  # fmt: skip


async def test_messages_come_in_order_and_stay_until_acknowledged(world: World) -> None:
    """The oldest comes first, again and again, until it is acknowledged; then the next; then none."""
    await filled(world, A, 2)
    first = await world.do(A, poll_request, PollRequest())
    assert first
    assert (first.waiting, first.zh, first.en, first.kind, first.payload) == (
        2,
        "消息 0",
        "message 0",
        "notice",
        {"number": 0},
    )
    assert await world.do(A, poll_request, PollRequest()) == first
    left = await world.do(A, poll_acknowledge, PollAcknowledge(str(first.id)))
    second = await world.do(A, poll_request, PollRequest())
    assert second
    assert (left.waiting, left.next_id) == (1, second.id)
    assert await world.do(A, poll_acknowledge, PollAcknowledge(str(second.id))) == (0, None)
    assert await world.do(A, poll_request, PollRequest()) is None


async def test_a_message_that_does_not_wait_is_not_found(world: World) -> None:
    """Unknown, acknowledged before, or no number at all: 2303, never a fault."""
    for identifier in (
        "",
        "0",
        "-1",
        "999999",
        "99999999999999999999999",
        "9223372036854775808",
        "x",
        "１",
        "1.0",
        " 1",
    ):
        await world.refused(A, poll_acknowledge, PollAcknowledge(identifier), Reason.NOT_FOUND)


async def test_each_queue_is_its_registrars(world: World) -> None:
    """Nobody reads or acknowledges another's messages."""
    await filled(world, A, 1)
    first = await world.do(A, poll_request, PollRequest())
    assert first
    assert await world.do(B, poll_request, PollRequest()) is None
    await world.refused(B, poll_acknowledge, PollAcknowledge(str(first.id)), Reason.NOT_FOUND)
