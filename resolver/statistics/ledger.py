"""Counts of all processes, summed up and written to the hour that they belong to.

The table holds increments added up, so a process that ends loses at most what it had not told. Of the names an hour keeps the :data:`NAMES` that were
asked for most, and only those asked for :data:`FEW` times: a name typed by one person is nobody's business.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from registry.kernel.db import Database
from resolver.statistics.tally import Count

WRITE_SECONDS = 60.0
NAMES = 100  # an hour, zone and kind
FEW = 10
KEEP_DAYS = 400  # a year, and the same month of the year before
NAME_KINDS = ("name", "missing")

_ADD = """
insert into resolver.query_hour (hour, zone, kind, key, number) values ($1, $2, $3, $4, $5)
on conflict (hour, zone, kind, key) do update set number = query_hour.number + excluded.number"""
_PRUNE = """
delete from resolver.query_hour q using (
    select zone, kind, key, row_number() over (partition by zone, kind order by number desc, key) as place, number
    from resolver.query_hour where hour = $1 and kind = any ($2)) ranked
where q.hour = $1 and (q.zone, q.kind, q.key) = (ranked.zone, ranked.kind, ranked.key) and (ranked.place > $3 or ranked.number < $4)"""
_FORGET = "delete from resolver.query_hour where hour < $1"

Key = tuple[str, str, str]


class Ledger:
    """What was told and not yet written."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._sums: defaultdict[Key, int] = defaultdict(int)
        self._hour: datetime | None = None

    def add(self, counts: Iterable[Count]) -> None:
        """Take counts over."""
        for count in counts:
            self._sums[count.zone, count.kind, count.key] += count.number

    async def write(self, now: datetime) -> None:
        """Add what has come to the present hour; when an hour has ended, keep of its names what is to be kept.

        What cannot be written because the database is away raises and stays for the next call.
        """
        hour = now.replace(minute=0, second=0, microsecond=0)
        sums, self._sums = self._sums, defaultdict(int)
        try:
            async with self._db.transaction() as conn:
                await conn.executemany(_ADD, [(hour, *key, number) for key, number in sorted(sums.items())])
                if self._hour is not None and self._hour != hour:
                    await conn.execute(_PRUNE, self._hour, list(NAME_KINDS), NAMES, FEW)
                    await conn.execute(_FORGET, now - timedelta(days=KEEP_DAYS))
        except BaseException:
            for key, number in sums.items():
                self._sums[key] += number
            raise
        self._hour = hour
