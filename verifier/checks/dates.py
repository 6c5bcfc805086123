"""Dates as Chinese public sites write them beside their items. Pure."""

import re
from collections.abc import Iterator
from datetime import date

EARLIEST = date(1994, 1, 1)  # before China was on the Internet no page was published
LATEST_YEARS_AHEAD = 1  # a later year is a number, not a date
_FULL = re.compile(
    r"(?<!\d)(20\d\d|19\d\d)\s*[-/.年]\s*(1[0-2]|0?[1-9])\s*[-/.月]\s*(3[01]|[12]\d|0?[1-9])(?!\d)\s*日?"
)
_SHORT = re.compile(r"(?<![\d.\-/年])(1[0-2]|0?[1-9])\s*[-/月]\s*(3[01]|[12]\d|0?[1-9])(?![\d.\-/])\s*日?")
_PACKED = re.compile(r"(?<!\d)(20\d\d)(1[0-2]|0[1-9])(3[01]|[12]\d|0[1-9])(?!\d)")
_IN_URL = re.compile(
    r"/(20\d\d)[-/]?(1[0-2]|0[1-9])(?:[-/]?(3[01]|[12]\d|0[1-9]))?/|t(20\d\d)(1[0-2]|0[1-9])(3[01]|[12]\d|0[1-9])_"
)
_DIGITS = str.maketrans("〇零一二三四五六七八九０１２３４５６７８９", "001234567890123456789")
_HAN = re.compile(r"[二〇零一三四五六七八九]{4}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}日")


def dates_in(text: str, today: date) -> Iterator[date]:
    """All dates of a text in their order of kinds; a date without a year is the last such day (up to tomorrow)."""
    for found in _FULL.finditer(text.translate(_DIGITS) if "０" <= max(text, default="") <= "９" else text):
        yield from _made(int(found[1]), int(found[2]), int(found[3]), today)
    for spelled in _HAN.findall(text):
        yield from _spelled(spelled, today)


def date_beside(text: str, today: date) -> date | None:
    """The date of a list item: with a year, else packed, else month and day alone; ``None`` without one."""
    full = next(dates_in(text, today), None)
    if full is not None:
        return full
    if packed := _PACKED.search(text):
        return next(_made(int(packed[1]), int(packed[2]), int(packed[3]), today), None)
    if short := _SHORT.search(text):
        this = next(_made(today.year, int(short[1]), int(short[2]), today), None)
        is_ahead = this is not None and (this - today).days > 1
        return next(_made(today.year - 1, int(short[1]), int(short[2]), today), None) if is_ahead else this
    return None


def date_of_url(url: str) -> date | None:
    """The day that stands in an address, as common publishing systems write it (``/202611/t20261105_``)."""
    found = _IN_URL.search(url)
    if not found:
        return None
    year, month, day = (found[4], found[5], found[6]) if found[4] else (found[1], found[2], found[3])
    try:
        return date(int(year), int(month), int(day)) if day else None
    except ValueError:
        return None


def _made(year: int, month: int, day: int, today: date) -> Iterator[date]:
    try:
        made = date(year, month, day)
    except ValueError:
        return
    if made >= EARLIEST and made.year <= today.year + LATEST_YEARS_AHEAD:
        yield made


def _spelled(text: str, today: date) -> Iterator[date]:
    year, _, rest = text.partition("年")
    month, _, day = rest.rstrip("日").partition("月")
    yield from _made(int(year.translate(_DIGITS)), _number(month), _number(day), today)


def _number(text: str) -> int:
    """Numbers to thirty-one as they are spoken."""
    tens, ten, ones = text.partition("十")
    if not ten:
        return int(text.translate(_DIGITS))
    return 10 * (int(tens.translate(_DIGITS)) if tens else 1) + (int(ones.translate(_DIGITS)) if ones else 0)
