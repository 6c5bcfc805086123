"""The terms of reviews in working days, and the age of an application in them."""

from datetime import datetime

from registry.kernel.working_days import is_working_day, working_days_since

__all__ = ["DECISION_DAYS", "FIRST_OPINION_DAYS", "is_working_day", "working_days_since", "working_days_spent"]

FIRST_OPINION_DAYS = 5  # 同级审核, for an application that came on line (domain rules, 10.3)
DECISION_DAYS = 10  # with the second person's


def working_days_spent(start: datetime, now: datetime, paused: int, returned_at: datetime | None) -> int:
    """The age of an application: without the working days that it lay with its applicant to be corrected."""
    until = returned_at or now
    return max(0, working_days_since(start, until) - paused)
