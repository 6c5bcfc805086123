"""Which domains have something due because time passed."""

from datetime import datetime

from registry.kernel.db import Database

BATCH = 500  # names a round; the next round follows at once while rounds are full

_PURGE = """
select d.name from domain d join tld t on t.name = d.tld
where d.deleted_at + t.redemption + t.pending_delete <= $1 order by d.deleted_at limit $2"""
_SETTLE = """
select name from domain
where deleted_at is null and (expires_at <= $1 or (transfer is not null and (transfer ->> 'acts_at')::timestamptz <= $1))
order by expires_at limit $2"""


async def to_purge(db: Database, now: datetime) -> list[str]:
    """Names whose redemption and pending-delete periods are over."""
    return [row["name"] for row in await db.fetch(_PURGE, now, BATCH)]


async def to_settle(db: Database, now: datetime) -> list[str]:
    """Names with a transfer that nobody answered in time, or a renewal that came due."""
    return [row["name"] for row in await db.fetch(_SETTLE, now, BATCH)]
