"""Periods of registration (RFC 5731 section 2.5): whole years, never more than ten ahead."""

from datetime import datetime

from registry.kernel.errors import Reason, Refusal
from registry.model.life import HORIZON_YEARS, add_years


def check_years(years: int) -> None:
    """Refuse (``VALUE_OUT_OF_RANGE``) what is not 1 to 10 years."""
    if not 1 <= years <= HORIZON_YEARS:
        raise _too_far(str(years))


def extended(expires_at: datetime, years: int, now: datetime) -> datetime:
    """The expiry ``years`` later; ``VALUE_OUT_OF_RANGE`` when that is more than ten years from ``now``."""
    check_years(years)
    later = add_years(expires_at, years)
    if later > add_years(now, HORIZON_YEARS):
        raise _too_far(str(years))
    return later


def _too_far(value: str) -> Refusal:
    return Refusal(
        Reason.VALUE_OUT_OF_RANGE,
        f"注册期限须为 1 至 {HORIZON_YEARS} 年，且到期日不得晚于今后 {HORIZON_YEARS} 年",
        f"a period has 1 to {HORIZON_YEARS} years, and no name expires more than {HORIZON_YEARS} years from now",
        where="period",
        value=value,
    )
