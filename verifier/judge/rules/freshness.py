"""Judges freshness by the official rule, and false dates. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from verifier.checks.fact import Observation
from verifier.checks.site import ColumnKind, Site
from verifier.judge.finding import Finding
from verifier.judge.freshness import Overdue, figures
from verifier.judge.known import Known
from verifier.judge.rulebook import found

POINTS = {
    ColumnKind.NEWS: 50,
    ColumnKind.NOTICE: 50,
    ColumnKind.OTHER: 20,
}  # domain-rules.md 5.3: 5 for policy, 2 for statistics
MOVED = timedelta(days=2)  # a smaller change is an edition after midnight
SEVERAL = 2  # one may be a slip
BACK = timedelta(days=14)  # an item that appears this much after its day was filled in
APART = timedelta(days=30)  # list and text


def judge(_site: Site, known: Known, seen: Observation) -> Iterator[Finding]:
    """Rules ``freshness.*``."""
    counted = figures(seen.facts)
    if counted.home_stale:
        yield found("freshness.home", seen, newest=counted.home_newest)
    for rule, columns in (("freshness.columns", counted.stale), ("freshness.long_stale", counted.long_stale)):
        if rule in counted.vetoes:
            yield found(rule, seen, count=len(columns), titles=[one.title for one in columns])
    if "freshness.empty" in counted.vetoes:
        yield found("freshness.empty", seen, count=len(counted.empty), titles=list(counted.empty))
    for one in (*counted.stale, *counted.long_stale):
        yield _column(one, seen)
    yield from _false_dates(known, seen)


def _column(one: Overdue, seen: Observation) -> Finding:
    if one.undated:
        return found("freshness.undated", seen, title=one.title, url=one.url)
    return found("freshness.column", seen, points=POINTS[one.kind], title=one.title, url=one.url, newest=one.newest)


def _false_dates(known: Known, seen: Observation) -> Iterator[Finding]:
    facts = seen.facts
    today = date.fromisoformat(facts["today"])
    items = {item["url"]: item for place in (*facts["columns"], facts["home"]) for item in place["items"]}
    moved = [_moved(known, item) for item in items.values() if _is_moved(known, item)]
    if moved:
        rule = "freshness.false_dates" if len(moved) >= SEVERAL else "freshness.redated"
        yield found(rule, seen, count=len(moved), examples=moved)
    late = [
        f"{item['title']} {item['day']}"
        for column in facts["columns"]
        for item in column["items"]
        if _is_late(known, column, item)
    ]
    if len(late) >= SEVERAL:
        yield found("freshness.backfilled", seen, count=len(late), examples=late)
    ahead = [
        f"{item['title']} {item['day']}"
        for item in items.values()
        if date.fromisoformat(item["day"]) > today + timedelta(days=1)
    ]
    if ahead:
        yield found("freshness.future", seen, examples=ahead)
    yield from _samples(seen)


def _is_moved(known: Known, item: Mapping[str, str]) -> bool:
    before = known.items.get(item["url"])
    return (
        before is not None
        and before.title == item["title"]
        and abs(_day(item) - date.fromisoformat(before.day)) >= MOVED
    )


def _moved(known: Known, item: Mapping[str, str]) -> str:
    return f"{item['title']} {known.items[item['url']].day} → {item['day']}"


def _is_late(known: Known, column: Mapping[str, Any], item: Mapping[str, str]) -> bool:
    """New in a column of news, and of a day that the list covered when we last read it. Notices bear the day of their document."""
    crawled = known.columns.get(column["url"])
    if column["kind"] != ColumnKind.NEWS or crawled is None or item["url"] in known.items:
        return False
    return date.fromisoformat(crawled.oldest) < _day(item) <= date.fromisoformat(crawled.on) - BACK


def _samples(seen: Observation) -> Iterator[Finding]:
    """Old texts that the list gives a fresh day: the text or the address say otherwise."""
    wrong = []
    for sample in seen.facts["samples"]:
        older = [
            sample[key]
            for key in ("article", "address")
            if sample[key] and _day_of(sample["listed"]) - _day_of(sample[key]) > APART
        ]
        if older:
            wrong.append(f"{sample['title']} {sample['listed']} / {older[0]}")
    if wrong:
        yield found("freshness.list_differs", seen, examples=wrong)


def _day(item: Mapping[str, str]) -> date:
    return _day_of(item["day"])


def _day_of(text: str) -> date:
    return date.fromisoformat(text)
