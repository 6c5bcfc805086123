"""The change feed of a hot standby: what has become visible there, at least once.

Theory of operation. On a standby ``pg_current_snapshot()`` knows where the visible transactions end (``xmax``) but not
which of those before the end still run on the primary, so the cursor of :mod:`registry.kernel.feed` would pass a transaction that
commits late. A standby does know the state of every single transaction, though (``pg_xact_status``). So a cursor here is made of the
end and of a list of those that were *seen running* before it:

1. first the states are asked for: everything from the last end to the new one, and those that ran last time;
2. only then, under a later snapshot, the rows are read: of transactions at or after the *old* end, and of those that ran.

Whatever was not running in step 1 is visible in step 2, because its end was replayed before. What was running may be read
now and once more next time; a row can therefore come twice, never not at all. That suits a follower whose work may be
repeated, such as one that takes answers out of a cache. A row that step 2 saw beyond the new end comes again as well.

The feed needs the standby alone: when the primary is stopped it goes on, with nothing to tell. NOTIFY does not reach a standby, so it is
polled. Tests: ``tests/kernel/test_standby.py`` commits out of order on a real primary and reads on its replica.
"""

from registry.kernel.db import Database
from registry.kernel.feed import Change

# What is between two reads is short; after a long cut the follower begins anew, so the series stays small.
_STATES = """
with known as materialized (
    select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as low, pg_snapshot_xmax(pg_current_snapshot())::text::bigint as high)
select high, array(
    select x from (
        select unnest($2::bigint[]) as x
        union select generate_series(greatest($1::bigint, low), high - 1)
    ) as candidate where pg_xact_status(x::text::xid8) = 'in progress' order by x) as running
from known"""
_READ = """
select seq, at, kind, subject, detail from change
where txid >= $1::bigint::text::xid8 or txid = any ($2::bigint[]::text[]::xid8[])
order by seq"""
_IS_STANDBY = "select pg_is_in_recovery()"


async def is_standby(db: Database) -> bool:
    """Whether this server replays another one's log."""
    return bool(await db.fetchval(_IS_STANDBY))


class StandbyFeed:
    """A way to follow the changes that a replica shows. ``read`` has the shape of :meth:`registry.kernel.feed.Feed.read`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def start(self) -> str:
        """A cursor: whatever becomes visible after this call is told by reads from it."""
        return await self._next("0:")

    async def read(self, cursor: str) -> tuple[list[Change], str]:
        """The changes that became visible since ``cursor``, some of them perhaps again, and the cursor behind them."""
        following = await self._next(cursor)
        end, running = _parsed(cursor)
        rows = await self._db.fetch(_READ, end, running)
        return [Change(row["seq"], row["at"], row["kind"], row["subject"], row["detail"]) for row in rows], following

    async def _next(self, cursor: str) -> str:
        end, running = _parsed(cursor)
        (row,) = await self._db.fetch(_STATES, end, running)
        return f"{row['high']}:{','.join(map(str, row['running']))}"


def _parsed(cursor: str) -> tuple[int, list[int]]:
    end, _, running = cursor.partition(":")
    return int(end), [int(one) for one in running.split(",") if one]
