"""Which domains have something due because time passed."""

from datetime import datetime

from registry.kernel.db import Database

BATCH = 500  # names a round; the next round follows at once while rounds are full

_PURGE = """
select d.name from domain d join tld t on t.name = d.tld
where d.deleted_at + t.redemption + t.pending_delete <= $1 and d.restore_requested_at is null order by d.deleted_at limit $2"""
_SETTLE = """
select d.name from domain d join tld t on t.name = d.tld
where (d.deleted_at is null and (d.expires_at <= $1 or (d.transfer is not null and (d.transfer ->> 'acts_at')::timestamptz <= $1)))
   or (d.deleted_at is not null and d.restore_requested_at + coalesce(t.restore_report, interval '0') <= $1)
order by d.expires_at limit $2"""
_CONTACTS = """
select id from contact where transfer is not null and (transfer ->> 'acts_at')::timestamptz <= $1 order by id limit $2"""
_UNPROVED = """
select name from domain
where uscc = '' and verification ? 'due' and not verification ? 'told' and (verification ->> 'due')::timestamptz <= $1
order by verification ->> 'due' limit $2"""


async def to_purge(db: Database, now: datetime) -> list[str]:
    """Names whose redemption and pending-delete periods are over."""
    return [row["name"] for row in await db.fetch(_PURGE, now, BATCH)]


async def to_settle(db: Database, now: datetime) -> list[str]:
    """Names with a transfer that nobody answered in time, a renewal that came due, or a restore whose report did not come."""
    return [row["name"] for row in await db.fetch(_SETTLE, now, BATCH)]


async def contacts_to_settle(db: Database, now: datetime) -> list[str]:
    """Contacts with a transfer that nobody answered in time."""
    return [row["id"] for row in await db.fetch(_CONTACTS, now, BATCH)]


async def unproved(db: Database, now: datetime) -> list[str]:
    """Names on hold whose body was to be proved by now, and whose registrar was not told yet that it is late."""
    return [row["name"] for row in await db.fetch(_UNPROVED, now, BATCH)]
