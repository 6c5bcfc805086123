"""What waits for the reviewers of a level and region, the next term first, and what they drew up themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from registry.flows.act import Act
from registry.flows.institution.reach import reach_of
from registry.flows.institution.terms import left
from registry.model.institution import OPEN, ActStage
from registry.model.person import Person
from registry.store import institutions
from registry.store.institutions import InstitutionAct

PAGE = 50
_FIRST = (date(1, 1, 1), "")


@dataclass(frozen=True, slots=True)
class QueuedAct:
    """``days_left`` are working days of the term that runs; negative when it is over."""

    act: InstitutionAct
    days_left: int
    is_own_opinion: bool


@dataclass(frozen=True, slots=True)
class ActQueue:
    """``counts`` are of the whole jurisdiction; ``after`` the cursor of the next page, empty on the last."""

    lines: tuple[QueuedAct, ...]
    counts: Mapping[ActStage, int]
    drafts: Sequence[InstitutionAct]
    after: str


async def read_act_queue(act: Act, person: Person, stages: frozenset[ActStage] = OPEN, after: str = "") -> ActQueue:
    """A page of it. Refuses with NOT_PERMITTED when the account has no jurisdiction."""
    reach = reach_of(person)
    wanted = sorted(stage.value for stage in stages & OPEN)
    found = await institutions.queue(act.conn, reach, wanted, _cursor(after), PAGE + 1)
    counts = await institutions.count_open(act.conn, reach)
    shown = found[:PAGE]
    return ActQueue(
        tuple(QueuedAct(one, left(act.now, one.due_on), one.proposed_by == person.actor) for one in shown),
        {stage: counts.get(stage.value, 0) for stage in OPEN},
        await institutions.drafts_by(act.conn, person.actor, PAGE),
        f"{shown[-1].due_on}_{shown[-1].id}" if len(found) > PAGE and shown[-1].due_on else "",
    )


def _cursor(text: str) -> tuple[date, str]:
    """What a page gave as ``after``; whatever is none leads to the first page."""
    day, _, act_id = text.partition("_")
    try:
        found = date.fromisoformat(day)
    except ValueError:
        return _FIRST
    return (found, act_id) if act_id.isascii() and act_id.isalnum() else _FIRST
