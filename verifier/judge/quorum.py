"""When a finding may be believed: several places, several rounds, patience. Pure.

A place that was blocked, or could not look, says nothing: it neither accuses nor clears. One place alone never convicts, however often it looks,
because it may be the place whose network lies.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Standing(StrEnum):
    """What the reports add up to."""

    CLEAR = "clear"  # enough places looked last and none found it
    UNKNOWN = "unknown"  # nobody could look
    SUSPECTED = "suspected"  # somebody found it; look again, from elsewhere
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Report:
    """One look from one place. ``found`` is ``None`` when the place was blocked or the check did not run."""

    vantage: str
    at: datetime
    found: bool | None


@dataclass(frozen=True, slots=True)
class Patience:
    """What a rule asks before it is believed."""

    places: int = 2  # of three or more (verifier.md 3.1)
    rounds: int = 2  # at each of those places, one after the other
    apart: timedelta = timedelta(seconds=60)  # between two rounds
    within: timedelta = timedelta(minutes=30)  # older looks say nothing about now
    clear_rounds: int = 2  # clean looks in a row, at as many places, before all is well again


URGENT = Patience()
DOWN = Patience(rounds=3)  # check 7: three failures in a row at two places
SLOW = Patience(
    rounds=1, within=timedelta(days=8)
)  # facts that do not flicker: certificates, freshness, missing records


def weigh(reports: Sequence[Report], now: datetime, patience: Patience = URGENT) -> Standing:
    """The standing of one rule on one site from the looks of all places."""
    recent: defaultdict[str, list[Report]] = defaultdict(list)
    for report in sorted(reports, key=lambda one: one.at):
        if report.found is not None and now - patience.within <= report.at <= now:
            recent[report.vantage].append(report)
    if not recent:
        return Standing.UNKNOWN
    accusing = [
        place for place, looks in recent.items() if _streak(looks, patience.apart, found=True) >= patience.rounds
    ]
    if len(accusing) >= patience.places:
        return Standing.CONFIRMED
    clearing = [
        place for place, looks in recent.items() if _streak(looks, patience.apart, found=False) >= patience.clear_rounds
    ]
    accusing_now = any(looks[-1].found for looks in recent.values())
    if not accusing_now and len(clearing) >= min(patience.places, len(recent)):
        return Standing.CLEAR
    return (
        Standing.SUSPECTED
        if accusing_now or any(look.found for looks in recent.values() for look in looks)
        else Standing.CLEAR
    )


def _streak(looks: Sequence[Report], apart: timedelta, *, found: bool) -> int:
    """How many of the last looks of one place say ``found``, counting only looks that stand apart."""
    count = 0
    last: datetime | None = None
    for look in reversed(looks):
        if look.found is not found:
            break
        if last is None or last - look.at >= apart:
            count += 1
            last = look.at
    return count
