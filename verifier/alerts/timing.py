"""When somebody is told: at once, after the quiet hours, with the letter of the day, and again when nobody answers. Pure. Hours are Beijing's."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from registry.kernel.clock import BEIJING
from verifier.judge.finding import Severity

LETTER_HOUR = 9  # of the daily and the weekly letter: when offices have opened
WEEKLY_DAY = 0  # Monday
# After confirmation, while nobody has taken an incident in hand (verifier.md 3.1: P2 within thirty minutes).
STEPS = {
    Severity.P1: (timedelta(0), timedelta(minutes=30), timedelta(hours=2)),
    Severity.P2: (timedelta(0), timedelta(hours=4), timedelta(hours=24)),
    Severity.P3: (timedelta(0),),
}


@dataclass(frozen=True, slots=True)
class Quiet:
    """When a body does not want to be woken; P1 wakes everybody. ``digest``: P3 comes in the letter of the day."""

    start: int = 22
    end: int = 7
    digest: bool = True


def due_at(severity: Severity, now: datetime, quiet: Quiet) -> datetime:
    """When an alert of this severity is told."""
    if severity is Severity.P1 or quiet.start == quiet.end:
        return now
    local = now.astimezone(BEIJING)
    if not _is_quiet(local.hour, quiet):
        return now
    ends = local.replace(hour=quiet.end, minute=0, second=0, microsecond=0)
    return ends if ends > local else ends + timedelta(days=1)


def _is_quiet(hour: int, quiet: Quiet) -> bool:
    if quiet.start < quiet.end:
        return quiet.start <= hour < quiet.end
    return hour >= quiet.start or hour < quiet.end


def steps_due(severity: Severity, confirmed_at: datetime, now: datetime) -> int:
    """How many steps of the escalation ought to have been taken by now."""
    return sum(now >= confirmed_at + after for after in STEPS.get(severity, ()))


def letter_of(now: datetime) -> datetime | None:
    """The hour of today's letter when it has struck, else ``None``."""
    local = now.astimezone(BEIJING)
    struck = local.replace(hour=LETTER_HOUR, minute=0, second=0, microsecond=0)
    return struck if local >= struck else None
