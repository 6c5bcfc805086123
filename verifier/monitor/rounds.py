"""Which checks are made together, how often, and from how many places: one ordered list, made from the catalogue of checks. Pure.

A round is what is leased: one site, one place, one set of checks that share a visit. Cheap rounds never wait behind dear ones, because a
worker has lanes for each round, and machines may be given to some rounds only.
"""

from dataclasses import dataclass
from datetime import timedelta

from verifier.checks.catalogue import CHECKS, DAY, HOUR, WEEK, Needs

PULSE_EVERY = timedelta(minutes=5)  # verifier.md 3.2, cadence P: a home page that changed is seen within minutes
PULSE = "pulse"


@dataclass(frozen=True, slots=True)
class Round:
    """``lease`` is longer than the longest look may take, so that only a dead worker loses one. ``everywhere``: at every place; else at one."""

    id: str
    every: timedelta
    lease: timedelta
    everywhere: bool
    checks: tuple[str, ...]
    batch: int
    lanes: int
    zh: str
    en: str


def _checks(every: timedelta, *, rendering: bool = False) -> tuple[str, ...]:
    return tuple(
        check.id
        for check in CHECKS
        if check.id != "availability"
        and (check.needs is Needs.RENDERING) is rendering
        and (rendering or check.every == every)
    )


def _minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


ROUNDS = (
    Round(PULSE, PULSE_EVERY, _minutes(1), True, ("availability",), 64, 8, "脉搏", "pulse"),
    Round("hourly", HOUR, _minutes(3), True, _checks(HOUR), 16, 6, "每小时", "hourly"),
    Round("daily", DAY, _minutes(10), False, _checks(DAY), 8, 3, "每日", "daily"),
    Round("weekly", WEEK, _minutes(30), False, _checks(WEEK), 4, 2, "每周", "weekly"),
    Round("rendered", DAY, _minutes(5), False, _checks(DAY, rendering=True), 2, 1, "渲染", "rendered"),
)  # fmt: skip
BY_ID = {each.id: each for each in ROUNDS}


def places_of(each: Round, watch_no: int, vantages: tuple[str, ...]) -> tuple[str, ...]:
    """Where a site's round is made: at all places, or at one that is the same for ever and different from site to site."""
    if each.everywhere or not vantages:
        return vantages
    return (vantages[watch_no % len(vantages)],)
