"""The change feed: what was committed, to whoever follows, none skipped and none twice.

Theory of operation. The obvious feed, "rows with seq greater than the last one I saw", loses changes: numbers are
drawn when a row is written, but rows become visible when their transaction commits, and a transaction that began
early may commit late, behind a reader that has already passed its number. Holding readers back until no older
transaction runs cures that, but then one long import stops the whole feed.

So a cursor here is no number but a PostgreSQL snapshot: the exact set of transactions whose effects the reader has
seen (``xmin:xmax:running``). The next read takes a new snapshot, and wants the rows whose transaction is visible in the
new one and was not in the old: those with ``txid >= old.xmax``, and those of the transactions that were
running then. Both are index look-ups, nothing is scanned twice, and an import that runs for an hour delays nobody.
A subscriber that keeps state in memory loads it in the very transaction whose snapshot is its first cursor
(:meth:`Feed.snapshot`), so there is no gap between state and stream either.

``pg_current_snapshot()`` of a hot standby does not list running transactions; on a replica use a primary's feed.
Tests: ``tests/kernel/test_feed.py`` runs writers that commit out of order against readers that restart.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from registry.kernel.db import GONE, Connection, Database, Listener, Record
from registry.kernel.errors import Refusal

CHANNEL = "zhengming_change"
POLL_SECONDS = 0.5  # a notice can be lost with its connection; the feed is then this late, no later
RETRY_SECONDS = 0.2  # a database that restarts is back within a second or two

_ANNOUNCE = "insert into change (at, kind, subject, detail) values ($1, $2, $3, $4)"

_READ = """
select pg_current_snapshot()::text as cursor, c.seq, c.at, c.kind, c.subject, c.detail
from (select 1) as one left join lateral (
    select seq, at, kind, subject, detail, txid from change
    where (txid >= pg_snapshot_xmax($1::text::pg_snapshot) or txid = any (array(select pg_snapshot_xip($1::text::pg_snapshot))))
      and pg_visible_in_snapshot(txid, pg_current_snapshot())
    order by txid, seq) as c on true"""


@dataclass(frozen=True, slots=True)
class Change:
    """One committed change: ``kind`` such as ``domain.created``, ``subject`` the object's id."""

    seq: int
    at: datetime
    kind: str
    subject: str
    detail: Mapping[str, Any]


async def announce(
    conn: "Connection[Record]", at: datetime, kind: str, subject: str, detail: Mapping[str, Any] | None = None
) -> None:
    """Write a change row in the caller's transaction. After the commit the caller's runner calls :func:`wake`."""
    await conn.execute(_ANNOUNCE, at, kind, subject, dict(detail or {}))


def wake(db: Database) -> None:
    """Tell the followers that something was committed.

    Outside the transaction on purpose: a transaction with NOTIFY holds a lock that lets only one of them commit at a time,
    flush to disk included, which would undo group commit. When a process dies before it spoke, the poll finds the row.
    """
    db.notify_soon(CHANNEL)


class Feed:
    """A way to follow the changes of one database."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._woken = asyncio.Event()
        self._listener: Listener | None = None

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[tuple["Connection[Record]", str]]:
        """A read-only transaction and the cursor that starts exactly where its view of the data ends."""
        async with self._db.transaction("repeatable_read", readonly=True) as conn:
            cursor: str = await conn.fetchval("select pg_current_snapshot()::text")
            yield conn, cursor

    async def read(self, cursor: str) -> tuple[list[Change], str]:
        """The changes that were committed since ``cursor``, and the cursor behind them."""
        async with self._db.connection() as conn:
            rows = await conn.fetch(_READ, cursor)
        changes = [
            Change(row["seq"], row["at"], row["kind"], row["subject"], row["detail"])
            for row in rows
            if row["seq"] is not None
        ]
        return changes, rows[0]["cursor"]

    async def follow(self, cursor: str) -> AsyncGenerator[tuple[list[Change], str], None]:
        """Batches of changes for ever, as they are committed, each with the cursor to remember once it was worked in.

        Survives a restart of the database. Ends when the task is cancelled.
        """
        try:
            while True:
                try:
                    await self._listen()
                    self._woken.clear()
                    changes, cursor = await self.read(cursor)
                except (Refusal, *GONE):
                    await asyncio.sleep(RETRY_SECONDS)
                    continue
                if changes:
                    yield changes, cursor
                else:
                    await self._wait()
        finally:
            if self._listener:
                await self._listener.close()

    async def _listen(self) -> None:
        if self._listener is None or self._listener.lost:
            self._listener = await self._db.listen(CHANNEL, self._woken.set)

    async def _wait(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(
                POLL_SECONDS
            ):  # wait_for of Python 3.11 can swallow a cancellation that comes with the wake
                await self._woken.wait()
