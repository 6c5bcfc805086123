"""The terms of acts as days, with the holidays of the country."""

from datetime import date, datetime

from registry.flows.review.working_days import is_working_day
from registry.kernel.clock import BEIJING
from registry.model.institution import ActStage
from registry.policy.institutions import (
    ACCEPT_DAYS,
    CORRECTION_DAYS,
    DECISION_DAYS,
    LIQUIDATION_DAYS,
    days_left,
    end_of_term,
)

_TERMS = {ActStage.FILED: ACCEPT_DAYS, ActStage.RETURNED: CORRECTION_DAYS, ActStage.ACCEPTED: DECISION_DAYS}


def day_of(now: datetime) -> date:
    """The day in Beijing."""
    return now.astimezone(BEIJING).date()


def term_of(stage: ActStage, now: datetime) -> date:
    """The last day of the term that begins when an act comes into this stage."""
    return end_of_term(day_of(now), _TERMS[stage], is_working_day)


def left(now: datetime, due: date | None) -> int:
    """Working days that are left of a term; negative when it is over."""
    return days_left(day_of(now), due, is_working_day) if due else 0


def liquidation_due(ended_on: date) -> date:
    """The last day to apply for the cancellation after a liquidation."""
    return end_of_term(ended_on, LIQUIDATION_DAYS, is_working_day)


def days_late(day: date, due: date) -> int:
    """By how many working days that day is after the last one; 0 in time."""
    return max(0, -days_left(day, due, is_working_day))


def term_before(day: date, days: int) -> date:
    """The latest last day that is at most so many working days away: terms that end before the day after it come near."""
    return end_of_term(day, days, is_working_day)
