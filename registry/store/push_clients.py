"""Clients of data centres: which systems may sign in at the machines' door for which centre, and to do what."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from registry.kernel.db import Connection, Record

_COLUMNS = "client_id, centre, scopes, note, created_at, created_by, revoked_at, revoked_by, secret_hash"
_ADD = """
insert into centre_client (client_id, centre, scopes, note, secret_hash, created_at, created_by) values ($1, $2, $3, $4, $5, $6, $7)"""
_REVOKE = "update centre_client set revoked_at = $2, revoked_by = $3 where client_id = $1 and revoked_at is null returning centre"
_LISTED = f"select {_COLUMNS} from centre_client where $1 = '' or centre = $1 order by centre, created_at, client_id"


@dataclass(frozen=True, slots=True)
class PushClient:
    """One client; ``revoked_at`` None while it may sign in."""

    client_id: str
    centre: str
    scopes: tuple[str, ...]
    note: str
    created_at: datetime
    created_by: str
    revoked_at: datetime | None
    revoked_by: str
    secret_hash: str = field(repr=False)


async def add(
    conn: "Connection[Record]", client_id: str, centre: str, scopes: Sequence[str], note: str, secret_hash: str, at: datetime,
    by: str,
) -> None:  # fmt: skip
    """Write a client. ``ForeignKeyViolation`` when there is no such centre."""
    await conn.execute(_ADD, client_id, centre, list(scopes), note, secret_hash, at, by)


async def find(conn: "Connection[Record]", client_id: str) -> PushClient | None:
    """One client, revoked or not, or None."""
    row = await conn.fetchrow(f"select {_COLUMNS} from centre_client where client_id = $1", client_id)
    return _client(row) if row else None


async def listed(conn: "Connection[Record]", centre: str = "") -> list[PushClient]:
    """All clients of a centre, or of all of them."""
    return [_client(row) for row in await conn.fetch(_LISTED, centre)]


async def revoke(conn: "Connection[Record]", client_id: str, at: datetime, by: str) -> str | None:
    """Take a client back; its centre, or None when there is no such client that may sign in."""
    centre: str | None = await conn.fetchval(_REVOKE, client_id, at, by)
    return centre


def _client(row: Record) -> PushClient:
    return PushClient(**{**row, "scopes": tuple(row["scopes"])})
