"""Carrying out a request once, however often it is sent (draft-ietf-httpapi-idempotency-key-header).

The answer is remembered in the transaction of the act itself: either both are there or neither is. Two equal requests
at the same time are put in a row by the key's lock, so the second one finds the answer of the first. A refusal that
is raised is not remembered, because nothing was done: the same request may succeed later.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from registry.flows.act import Act
from registry.kernel.errors import Reason, Refusal
from registry.store import idempotency
from registry.store.idempotency import Remembered


@dataclass(frozen=True, slots=True)
class Request:
    """``digest`` is the SHA-256 of method, path and body; an empty ``key`` asks for no memory."""

    client_id: str
    key: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the door answers: a status and a text that is sent as it stands."""

    status: int
    body: str


async def once(act: Act, request: Request, work: Callable[[Act], Awaitable[Outcome]]) -> Outcome:
    """Run ``work``, or return what it answered before.

    Refuses with VALUE_INVALID when the key came with another request.
    """
    if not request.key:
        return await work(act)
    known = await idempotency.find(act.conn, request.client_id, request.key)
    if known is not None:
        return _again(known, request)
    outcome = await work(act)
    remembered = Remembered(request.digest, outcome.status, outcome.body)
    await idempotency.add(act.conn, request.client_id, request.key, remembered, act.now)
    return outcome


def _again(known: Remembered, request: Request) -> Outcome:
    if known.request == request.digest:
        return Outcome(known.status, known.body)
    raise Refusal(
        Reason.VALUE_INVALID,
        "这个幂等键已用于另一个请求，请换一个键",
        "this idempotency key was used with another request; take another key",
        where="Idempotency-Key",
        value=request.key,
    )
