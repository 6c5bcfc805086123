"""Making the report files that are due: each registrar, each period, once.

A period is due when it is over and nothing of it can move any more: a day at its end (UTC), a month six days later, when the add grace of its
last registration is over. What was missed while nobody worked is made up, back to :data:`DAYS_BACK` and :data:`MONTHS_BACK`. A file that
was made stays as it is, so a run that happens twice does nothing the second time.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from registry.flows.report import files
from registry.flows.report.movements import Movement, movements
from registry.flows.runner import Runner
from registry.kernel.db import Connection, Record
from registry.store import command_log, reports
from registry.store.reports import Report

DAYS_BACK = 31
MONTHS_BACK = 3
SETTLED_AFTER = timedelta(days=6)  # the longest add grace (five days), and the day in which it ends
DAILY = ("transactions-daily",)
MONTHLY = ("transactions-monthly", "activity-monthly", "charges-monthly", "domains-monthly")


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to before ``ends``; both in UTC."""

    starts: date
    ends: date
    kinds: tuple[str, ...]

    @property
    def since(self) -> datetime:
        """The first instant."""
        return datetime.combine(self.starts, time(), UTC)

    @property
    def until(self) -> datetime:
        """The first instant that is no longer of it."""
        return datetime.combine(self.ends, time(), UTC)


async def make_reports(runner: Runner) -> int:
    """Everything that is due and not there; how many files were made."""
    return sum([await _make(runner, period) for period in due(runner.clock.now())])


def due(now: datetime) -> Iterator[Period]:
    """The periods that may be made, the oldest first."""
    today = now.astimezone(UTC).date()
    settled = (now - SETTLED_AFTER).astimezone(UTC).date()
    months = [_month_before(settled.replace(day=1), back) for back in range(MONTHS_BACK, 0, -1)]
    yield from (Period(first, _next_month(first), MONTHLY) for first in months)
    for back in range(DAYS_BACK, 0, -1):
        day = today - timedelta(days=back)
        yield Period(day, day + timedelta(days=1), DAILY)


async def _make(runner: Runner, period: Period) -> int:
    async with runner.db.connection() as conn:
        all_registrars = [one for one in await reports.registrars(conn) if one["created_at"] < period.until]
        made = {kind: await reports.made(conn, kind, period.starts) for kind in period.kinds}
    missing = [
        (one, [kind for kind in period.kinds if (one["id"], period.starts) not in made[kind]]) for one in all_registrars
    ]
    if not any(kinds for _, kinds in missing):
        return 0
    count = 0
    async with runner.db.transaction("repeatable_read") as conn:
        moved, dropped = await _moved(conn, period)
        for one, kinds in missing:
            for kind in kinds:
                text = await _written(conn, kind, one, moved.get(one["id"], []), dropped, period, runner.clock.now())
                count += await reports.add(conn, _report(one["id"], kind, period, text, runner.clock.now()))
    return count


async def _moved(conn: "Connection[Record]", period: Period) -> tuple[dict[str, list[Movement]], set[str]]:
    moved: dict[str, list[Movement]] = {}
    async for event in reports.events(conn, period.since, period.until):
        for one in movements(event):
            moved.setdefault(one.registrar_id, []).append(one)
    created = [one.subject for many in moved.values() for one in many if one.what == "create"]
    return moved, await reports.dropped_in_grace(conn, created, period.since)


async def _written(
    conn: "Connection[Record]",
    kind: str,
    registrar: Any,
    moved: list[Movement],
    dropped: set[str],
    period: Period,
    now: datetime,
) -> str:
    match kind:
        case "transactions-daily":
            return files.daily(moved)
        case "charges-monthly":
            return files.charges(moved, dropped)
        case "domains-monthly":
            return files.held(await reports.held(conn, registrar["id"], period.until), now)
    commands = await command_log.count_by_command(conn, registrar["id"], period.since, period.until)
    if kind == "activity-monthly":
        return files.activity(registrar, commands, sum(one.what == "restore" for one in moved))
    tried = await command_log.count_tried(conn, registrar["id"], period.since, period.until)
    totals = (
        len(await reports.held(conn, registrar["id"], period.until)),
        await reports.count_hosts(conn, registrar["id"]),
    )
    return files.monthly(registrar, moved, dropped, totals, tried)


def _report(registrar_id: str, kind: str, period: Period, text: str, now: datetime) -> Report:
    lines = text.count("\r\n") - 1
    return Report(registrar_id, kind, period.starts, now, lines, hashlib.sha256(text.encode()).digest(), text)


def _month_before(first: date, back: int) -> date:
    months = first.year * 12 + first.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)


def _next_month(first: date) -> date:
    return _month_before(first, -1)
