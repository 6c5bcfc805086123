"""The dated items of a list page: what, where, and of which day. Pure."""

from dataclasses import dataclass
from datetime import date

from verifier.checks.dates import date_beside
from verifier.checks.page import Row

MIN_DATED = 4  # characters of a title beside a date; shorter anchors are "more" and arrows
MIN_UNDATED = (
    8  # without a date a short anchor is navigation (政务公开, 互动交流), a long one an item that lacks its date
)
MAX_ITEMS = 500


@dataclass(frozen=True, slots=True)
class Item:
    """``day`` is ``None`` when none stands beside it: such an item counts as not updated (domain-rules.md 5.2)."""

    url: str
    title: str
    day: date | None


def items_of(rows: tuple[Row, ...], today: date) -> list[Item]:
    """The items of a page in its order."""
    found: dict[str, Item] = {}
    for row in rows:
        day = date_beside(row.beside, today)
        if len(row.title) < (MIN_UNDATED if day is None else MIN_DATED):
            continue
        before = found.get(row.url)
        if before is None or (before.day is None and day is not None):
            found[row.url] = Item(row.url, row.title, day)
        if len(found) >= MAX_ITEMS:
            break
    return list(found.values())
