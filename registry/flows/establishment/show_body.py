"""A body with its life: what it is, or was on a day, what it was called, what it came from and what became of it."""

from dataclasses import dataclass
from datetime import date

from registry.establishment.timeline import Span, timeline
from registry.flows.act import Act
from registry.kernel.errors import Problem, Reason, Refusal
from registry.model.body import Body
from registry.policy.codes import check_uscc
from registry.store import body_past
from registry.store.body_past import NameSpan, Step


@dataclass(frozen=True, slots=True)
class ShowBody:
    """``uscc`` as it was typed; ``as_of`` None for today's state."""

    uscc: str
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class ShownBody:
    """``body`` is true from ``valid_from`` (None: as far back as is known) until before ``valid_to`` (None: still).

    ``names`` are all names present and past, ``history`` the spans of every field, both whole whatever day was asked for;
    ``successors`` and ``predecessors`` the steps of the chain, the nearest first.
    """

    uscc: str
    as_of: date | None
    valid_from: date | None
    valid_to: date | None
    body: Body
    names: list[NameSpan]
    history: list[Span]
    successors: list[Step]
    predecessors: list[Step]


async def show_body(act: Act, order: ShowBody) -> ShownBody:
    """The body. Refuses a code that is none (``VALUE_INVALID``), an unknown body, and a day of which nothing is known (``NOT_FOUND``)."""
    code = check_uscc(order.uscc)
    if isinstance(code, Problem):
        raise Refusal(code.reason, code.text.zh, code.text.en, where="uscc", value=code.value)
    versions = await body_past.versions(act.conn, code)
    if not versions:
        zh, en = "名录库中没有这个机构", "there is no such body in the establishment database"
        raise Refusal(Reason.NOT_FOUND, zh, en, where="uscc", value=code)
    shown = versions[-1] if order.as_of is None else await body_past.as_of(act.conn, code, order.as_of)
    if shown is None:
        zh, en = (
            "没有这一天的记录：当时尚未设立，或更早的情况不详",
            "nothing is known of that day: not established yet, or too long ago",
        )
        raise Refusal(Reason.NOT_FOUND, zh, en, where="as_of", value=str(order.as_of))
    return ShownBody(
        uscc=code,
        as_of=order.as_of,
        valid_from=shown.valid_from,
        valid_to=shown.valid_to,
        body=shown.body,
        names=await body_past.name_spans(act.conn, code),
        history=timeline(versions),
        successors=await body_past.successors_of(act.conn, code),
        predecessors=await body_past.predecessors_of(act.conn, code),
    )
