"""poll op="ack" (RFC 5730 section 2.9.2.3)."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.kernel.errors import Reason, Refusal
from registry.model.answer import Acknowledged
from registry.store import polls


@dataclass(frozen=True, slots=True)
class PollAcknowledge:
    """``id`` as the caller sent it."""

    id: str


MAX_MESSAGE_ID = (1 << 63) - 1  # a bigint of PostgreSQL


async def poll_acknowledge(act: Act, order: PollAcknowledge) -> Acknowledged:
    """Take a message out of the caller's own queue. ``NOT_FOUND`` when it does not wait there."""
    number = int(order.id) if order.id.isascii() and order.id.isdigit() and len(order.id) < 20 else -1
    known = 0 <= number <= MAX_MESSAGE_ID and await polls.acknowledge(act.conn, act.caller.id, number, act.now)
    if not known:
        raise Refusal(
            Reason.NOT_FOUND,
            "您的消息队列中没有这条待确认的消息",
            "no such message waits in your queue",
            where="msgID",
            value=order.id,
        )
    count, next_id = await polls.waiting(act.conn, act.caller.id)
    return Acknowledged(count, next_id)
