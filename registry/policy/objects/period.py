"""Periods of registration (RFC 5731 section 2.5): whole years, never more than ten ahead."""

from datetime import datetime

from registry.kernel.errors import Reason, Refusal

MAX_YEARS = 10  # the registration horizon: RST epp-18, and what every registrar's software expects


def add_years(instant: datetime, years: int) -> datetime:
    """The same day and time ``years`` later; 29 February becomes 28 February in a common year."""
    try:
        return instant.replace(year=instant.year + years)
    except ValueError:
        return instant.replace(year=instant.year + years, day=28)


def check_years(years: int) -> None:
    """Refuse (``VALUE_OUT_OF_RANGE``) what is not 1 to 10 years."""
    if not 1 <= years <= MAX_YEARS:
        raise _too_far(str(years))


def extended(expires_at: datetime, years: int, now: datetime) -> datetime:
    """The expiry ``years`` later; ``VALUE_OUT_OF_RANGE`` when that is more than ten years from ``now``."""
    check_years(years)
    later = add_years(expires_at, years)
    if later > add_years(now, MAX_YEARS):
        raise _too_far(str(years))
    return later


def _too_far(value: str) -> Refusal:
    return Refusal(
        Reason.VALUE_OUT_OF_RANGE,
        f"注册期限须为 1 至 {MAX_YEARS} 年，且到期日不得晚于今后 {MAX_YEARS} 年",
        f"a period has 1 to {MAX_YEARS} years, and no name expires more than {MAX_YEARS} years from now",
        where="period",
        value=value,
    )
