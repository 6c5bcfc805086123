"""Visits, and the hours and days that they add up to. All three are written in the transaction that finishes the looks, so they always agree.

A visit counts by the official rule when ten minutes have passed since the last one that counted at its place
(``verifier.judge.availability.spaced``); only those are kept one by one, and from them the weekly figure can be computed again by anybody. Every
visit counts in its hour and its day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import attrgetter

from registry.kernel.clock import BEIJING
from registry.kernel.db import Connection, Record

SLOW_MS = 15_000  # domain-rules.md 5.2: open only after fifteen seconds, fifteen included, is not open

_VISITS = """
insert into verifier.visit (day, watch_no, vantage, at, opened, blocked, ms, why)
select * from unnest($1::date[], $2::integer[], $3::text[], $4::timestamptz[], $5::boolean[], $6::boolean[], $7::integer[], $8::text[])
on conflict do nothing"""
_HOURS = """
insert into verifier.hour (hour, watch_no, vantage, visits, failed, blocked, ms_sum, ms_max)
select * from unnest($1::timestamptz[], $2::integer[], $3::text[], $4::integer[], $5::integer[], $6::integer[], $7::bigint[], $8::integer[])
on conflict (hour, watch_no, vantage) do update set visits = verifier.hour.visits + excluded.visits,
    failed = verifier.hour.failed + excluded.failed, blocked = verifier.hour.blocked + excluded.blocked,
    ms_sum = verifier.hour.ms_sum + excluded.ms_sum, ms_max = greatest(verifier.hour.ms_max, excluded.ms_max)"""
_FOLD_DAY = """
insert into verifier.day as d (day, watch_no, visits, failed, blocked, ms_sum, ms_max)
select $1, watch_no, sum(visits), sum(failed), sum(blocked), sum(ms_sum), max(ms_max) from verifier.hour
where hour >= $2 and hour < $3 group by watch_no
on conflict (day, watch_no) do update set visits = excluded.visits, failed = excluded.failed, blocked = excluded.blocked,
    ms_sum = excluded.ms_sum, ms_max = excluded.ms_max
where (d.visits, d.failed, d.blocked, d.ms_sum) is distinct from (excluded.visits, excluded.failed, excluded.blocked, excluded.ms_sum)"""


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit. ``counts``: by the official rule. ``ms`` is the time until the page was there, or until it failed."""

    watch_no: int
    at: datetime
    opened: bool
    blocked: bool
    ms: int
    why: str
    counts: bool

    @property
    def is_failed(self) -> bool:
        """Not open, or open too late; blocked is neither."""
        return not self.blocked and (not self.opened or self.ms >= SLOW_MS)


def day_of(at: datetime) -> date:
    """The day in Beijing, which is the day of the official rule."""
    return at.astimezone(BEIJING).date()


async def write_visits(conn: "Connection[Record]", vantage: str, visits: Sequence[Visit]) -> None:
    """Write visits of one place, of different sites."""
    ordered = sorted(
        visits, key=attrgetter("watch_no")
    )  # whoever writes goes the same way round, so nobody waits in a ring
    counted = [one for one in ordered if one.counts]
    await conn.execute(
        _VISITS, [day_of(one.at) for one in counted], [one.watch_no for one in counted], [vantage] * len(counted),
        [one.at for one in counted], [one.opened for one in counted], [one.blocked for one in counted],
        [one.ms for one in counted], [one.why for one in counted],
    )  # fmt: skip
    hours = [one.at.replace(minute=0, second=0, microsecond=0) for one in ordered]
    await conn.execute(
        _HOURS, hours, [one.watch_no for one in ordered], [vantage] * len(ordered), [1] * len(ordered),
        [int(one.is_failed) for one in ordered], [int(one.blocked) for one in ordered], [one.ms for one in ordered],
        [one.ms for one in ordered],
    )  # fmt: skip


async def make_parts(conn: "Connection[Record]", now: datetime, days: int = 2) -> None:
    """The partitions of today and the days that come, and of yesterday for whoever is late."""
    for ahead in range(-1, days + 1):
        day = (now + timedelta(days=ahead)).date()
        for parent in ("visit", "hour", "day"):
            await conn.execute("select verifier.make_part($1, $2)", parent, day)


async def fold_day(conn: "Connection[Record]", day: date) -> int:
    """Add the hours of a day in Beijing up, again or for the first time; how many sites changed."""
    start = datetime(day.year, day.month, day.day, tzinfo=BEIJING)
    answer = await conn.execute(_FOLD_DAY, day, start, start + timedelta(days=1))
    return int(answer.rpartition(" ")[2])
