"""What waits for a reviewer, the oldest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from registry.flows.act import Act
from registry.flows.review.reach import bounds_of
from registry.flows.review.working_days import DECISION_DAYS, FIRST_OPINION_DAYS, working_days_spent
from registry.model.application import OPEN, WAITING, Stage
from registry.model.person import Person
from registry.store import application_lists
from registry.store.application_lists import Line

PAGE = 50
_YEARS = (2000, 3000)  # what a cursor of ours may name; the ends of the calendar are no instants everywhere
_FIRST = (datetime(1, 1, 1, tzinfo=UTC), "")


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line: how many working days old it is, whether its term is over, whether this reviewer may take the next step."""

    line: Line
    stage: Stage
    days: int
    is_overdue: bool
    is_own_opinion: bool
    is_mine: bool
    is_corrected: bool


@dataclass(frozen=True, slots=True)
class Queue:
    """``counts`` are of the whole jurisdiction; ``after`` the cursor of the next page, empty on the last."""

    lines: tuple[Waiting, ...]
    counts: Mapping[Stage, int]
    after: str


async def read_queue(act: Act, person: Person, stages: frozenset[Stage] = WAITING, after: str = "") -> Queue:
    """A page of it. Refuses with NOT_PERMITTED when the account has no jurisdiction."""
    bounds = bounds_of(person)
    wanted = sorted(stage.value for stage in stages & OPEN)
    lines = await application_lists.queue(act.conn, bounds, wanted, _cursor(after), PAGE + 1)
    counts = await application_lists.waiting_by_stage(act.conn, bounds, sorted(OPEN))
    shown = lines[:PAGE]
    following = f"{shown[-1].created_at.isoformat()}_{shown[-1].id}" if len(lines) > PAGE else ""
    return Queue(
        tuple(_waiting(act, person, line) for line in shown),
        {stage: counts.get(stage.value, 0) for stage in Stage if stage.is_open},
        following,
    )


def is_overdue(stage: Stage, days: int) -> bool:
    """Whether the term of this stage is over after so many working days."""
    return days > (FIRST_OPINION_DAYS if stage is Stage.SUBMITTED else DECISION_DAYS)


def _waiting(act: Act, person: Person, line: Line) -> Waiting:
    stage, days = Stage(line.stage), _age(act, line)
    return Waiting(
        line=line,
        stage=stage,
        days=days,
        is_overdue=is_overdue(stage, days),
        is_own_opinion=line.proposed_by == person.actor,
        is_mine=line.claimed_by == person.actor,
        is_corrected=bool(line.returned_by),
    )


def _age(act: Act, line: Line) -> int:
    return working_days_spent(line.created_at, act.now, line.paused_days, line.returned_at)


def _cursor(text: str) -> tuple[datetime, str]:
    """What a page gave as ``after``; whatever is none leads to the first page."""
    at, _, application_id = text.partition("_")
    try:
        instant = datetime.fromisoformat(at)
    except ValueError:
        return _FIRST
    is_whole = instant.tzinfo is not None and _YEARS[0] <= instant.year < _YEARS[1] and application_id.isalnum()
    return (instant, application_id) if is_whole else _FIRST
