"""Availability by the official rule, exactly. Pure.

站点无法访问 (国办秘函〔2019〕19号, domain-rules.md 5.2): over one week, visited at intervals more than twenty times a day, the visits at which the
site was not open after fifteen seconds (fifteen included) are five per cent or more. A day is a day in Beijing. Visits of one place that
follow each other too closely are one visit: the first of them counts. *Blocked* visits are not counted at all, and a week in which a day has fewer
than twenty counted visits proves nothing. Several places give several weeks; the figure of the site is what a quorum of them reached.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from registry.kernel.clock import BEIJING
from verifier.judge.known import Visited

DAYS = 7
VISITS_A_DAY = 20
LIMIT_MS = 15_000
VETO_HUNDREDTHS = 500  # hundredths of a per cent
APART = timedelta(minutes=10)  # visits nearer than this are tries of one visit
QUORUM = 2  # places that must agree, when there are that many


@dataclass(frozen=True, slots=True)
class Day:
    """One day at one place."""

    day: date
    counted: int
    failed: int
    blocked: int


@dataclass(frozen=True, slots=True)
class Week:
    """One week at one place. ``share`` in hundredths of a per cent, rounded down."""

    vantage: str
    days: tuple[Day, ...]

    @property
    def counted(self) -> int:
        """Visits that count."""
        return sum(day.counted for day in self.days)

    @property
    def failed(self) -> int:
        """Visits at which it was not open."""
        return sum(day.failed for day in self.days)

    @property
    def share(self) -> int:
        """Failed of counted."""
        return self.failed * 10_000 // self.counted if self.counted else 0

    @property
    def is_enough(self) -> bool:
        """Whether every day has its visits."""
        return all(day.counted >= VISITS_A_DAY for day in self.days)

    @property
    def is_veto(self) -> bool:
        """Five per cent or more, compared in whole numbers."""
        return self.is_enough and self.failed * 10_000 >= VETO_HUNDREDTHS * self.counted


@dataclass(frozen=True, slots=True)
class Official:
    """The site's week: the ``deciding`` place is the one at which the quorum was reached (the worst but one of several)."""

    weeks: tuple[Week, ...]
    deciding: Week | None
    veto: bool


def spaced(visits: Iterable[Visited]) -> list[Visited]:
    """The visits of one place that count as visits, blocked ones included, in order of time."""
    kept: list[Visited] = []
    for visit in sorted(visits, key=lambda one: one.at):
        if not kept or visit.at - kept[-1].at >= APART:
            kept.append(visit)
    return kept


def is_failed(visit: Visited) -> bool:
    """Not open, or open only after fifteen seconds or more."""
    return not visit.blocked and (not visit.opened or visit.total_ms >= LIMIT_MS)


def week_at(vantage: str, visits: Sequence[Visited], last: date) -> Week:
    """The seven days that end with ``last`` (in Beijing)."""
    by_day: defaultdict[date, list[Visited]] = defaultdict(list)
    for visit in spaced(visits):
        by_day[visit.at.astimezone(BEIJING).date()].append(visit)
    return Week(
        vantage,
        tuple(_day(day, by_day[day]) for day in (last - timedelta(days=DAYS - 1 - back) for back in range(DAYS))),
    )


def _day(day: date, visits: Sequence[Visited]) -> Day:
    counted = [visit for visit in visits if not visit.blocked]
    return Day(day, len(counted), sum(is_failed(visit) for visit in counted), len(visits) - len(counted))


def official(visits: Sequence[Visited], last: date) -> Official:
    """The official figure of the week that ends with ``last``."""
    places = sorted({visit.vantage for visit in visits})
    weeks = tuple(week_at(place, [visit for visit in visits if visit.vantage == place], last) for place in places)
    enough = sorted((week for week in weeks if week.is_enough), key=lambda week: (-week.share, week.vantage))
    quorum = min(QUORUM, len(enough))
    deciding = enough[quorum - 1] if enough else None
    return Official(weeks, deciding, deciding is not None and deciding.is_veto)


def yesterday(at: datetime) -> date:
    """The last whole day in Beijing."""
    return at.astimezone(BEIJING).date() - timedelta(days=1)


def running_failures(visits: Sequence[Visited]) -> int:
    """How many of the last visits of one place failed one after the other; blocked ones are skipped."""
    count = 0
    for visit in sorted(visits, key=lambda one: one.at, reverse=True):
        if visit.blocked:
            continue
        if not is_failed(visit):
            break
        count += 1
    return count
