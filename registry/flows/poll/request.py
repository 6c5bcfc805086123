"""poll op="req" (RFC 5730 section 2.9.2.3)."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.model.answer import Waiting
from registry.store import polls


@dataclass(frozen=True, slots=True)
class PollRequest:
    """Nothing to say: the queue is the caller's own."""


async def poll_request(act: Act, order: PollRequest) -> Waiting | None:  # noqa: ARG001  # every flow has the same two arguments
    """The oldest waiting message, or None (EPP 1300)."""
    row = await polls.first(act.conn, act.caller.id)
    if row is None:
        return None
    return Waiting(row["waiting"], row["id"], row["at"], row["text_zh"], row["text_en"], row["kind"], row["payload"])
