"""Freshness by the official rule, exactly. Pure.

首页不更新, 栏目不更新 (国办秘函〔2019〕19号, domain-rules.md 5.2): the home page without a new item for two weeks; columns of news
older than two weeks and of notices and policy older than six months, five or more in sum; ten or more other columns that should
be updated and are long stale; five or more empty columns. Items without a date count as not updated (2015 census). Days are days in
Beijing; two weeks are fourteen days, six months go by the calendar. A column that could not be read proves nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from verifier.checks.site import ColumnKind

HOME_DAYS = 14
NEWS_DAYS = 14
MONTHS = 6
STALE_VETO = 5
LONG_VETO = 10
EMPTY_VETO = 5


@dataclass(frozen=True, slots=True)
class Overdue:
    """A column that is stale; ``newest`` is empty when its items have no date."""

    title: str
    url: str
    kind: ColumnKind
    newest: str
    undated: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """What the rule counts."""

    home_newest: str
    home_stale: bool
    stale: tuple[Overdue, ...]  # news, notices and policy
    long_stale: tuple[Overdue, ...]  # other columns
    empty: tuple[str, ...]  # titles

    @property
    def vetoes(self) -> tuple[str, ...]:
        """The rules that are broken."""
        broken = (
            ("freshness.home", self.home_stale),
            ("freshness.columns", len(self.stale) >= STALE_VETO),
            ("freshness.long_stale", len(self.long_stale) >= LONG_VETO),
            ("freshness.empty", len(self.empty) >= EMPTY_VETO),
        )
        return tuple(rule for rule, is_broken in broken if is_broken)


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or its last one."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError(day)


def oldest_allowed(kind: ColumnKind, today: date) -> date:
    """The oldest newest item that a column may have."""
    return today - timedelta(days=NEWS_DAYS) if kind is ColumnKind.NEWS else months_before(today, MONTHS)


def figures(facts: Mapping[str, Any]) -> Figures:
    """Count from the facts of the check ``freshness``."""
    today = date.fromisoformat(facts["today"])
    read = [column for column in facts["columns"] if column["outcome"] == "ran"]
    empty = tuple(_title(column) for column in read if column["empty"])
    overdue = [_overdue(column) for column in read if not column["empty"] and _is_overdue(column, today)]
    newest = facts["home"]["newest"] or _newest_of(read)
    return Figures(
        home_newest=newest,
        home_stale=_is_home_stale(facts, newest, today),
        stale=tuple(one for one in overdue if one.kind is not ColumnKind.OTHER),
        long_stale=tuple(one for one in overdue if one.kind is ColumnKind.OTHER),
        empty=empty,
    )


def _is_home_stale(facts: Mapping[str, Any], newest: str, today: date) -> bool:
    """A home page that is only a portal goes by its columns; when those could not be read either, nothing is known."""
    if not newest:
        unread = any(column["outcome"] != "ran" for column in facts["columns"])
        return bool(facts["home"]["undated"]) and not unread
    return date.fromisoformat(newest) < today - timedelta(days=HOME_DAYS)


def _newest_of(columns: Sequence[Mapping[str, Any]]) -> str:
    return max((column["newest"] for column in columns), default="")


def _is_overdue(column: Mapping[str, Any], today: date) -> bool:
    newest = column["newest"]
    return not newest or date.fromisoformat(newest) < oldest_allowed(ColumnKind(column["kind"]), today)


def _overdue(column: Mapping[str, Any]) -> Overdue:
    return Overdue(_title(column), column["url"], ColumnKind(column["kind"]), column["newest"], not column["dated"])


def _title(column: Mapping[str, Any]) -> str:
    return str(column["title"] or column["url"])
