"""Working days in China: weekends and public holidays, with the days that are worked in their stead (调休).

The State Council announces a year's holidays late in the year before; until then a day of that year counts by the calendar
alone, so a term that reaches into it may move by the days that are exchanged.
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from registry.kernel.clock import BEIJING

if TYPE_CHECKING:
    from holidays.holiday_base import HolidayBase

_MOST_DAYS = 3660  # ten years: beyond, nobody counts working days any more


@lru_cache(maxsize=4096)
def is_working_day(day: date) -> bool:
    """Whether offices work on this day."""
    return bool(_calendar().is_working_day(day))


def working_days_since(start: datetime, now: datetime) -> int:
    """How many working days have begun after the day of ``start``, in Beijing; 0 on that day itself."""
    first, last = start.astimezone(BEIJING).date(), now.astimezone(BEIJING).date()
    length = min((last - first).days, _MOST_DAYS)
    return sum(is_working_day(first + timedelta(days=count)) for count in range(1, length + 1))


def end_of_working_day(start: datetime, count: int) -> datetime:
    """The end of the ``count``-th working day after the day of ``start``, in Beijing."""
    day = start.astimezone(BEIJING).date()
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return datetime.combine(day + timedelta(days=1), time(), BEIJING)


@lru_cache(maxsize=1)
def _calendar() -> "HolidayBase":
    from holidays import country_holidays  # the start of a service is spared the library

    return country_holidays("CN")
