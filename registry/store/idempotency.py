"""Answers by idempotency key, so that a request that is sent again is answered again and not carried out again."""

from dataclasses import dataclass
from datetime import datetime

from registry.kernel.db import Connection, Record

_LOCK = "select pg_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 0))"
_FIND = "select request, status, body from idempotency where client_id = $1 and key = $2"
_ADD = "insert into idempotency (client_id, key, request, status, body, at) values ($1, $2, $3, $4, $5, $6)"


@dataclass(frozen=True, slots=True)
class Remembered:
    """``request`` is the SHA-256 of what was asked, ``status`` and ``body`` what was answered."""

    request: bytes
    status: int
    body: str


async def find(conn: "Connection[Record]", client_id: str, key: str) -> Remembered | None:
    """What was answered under this key; until the transaction ends nobody else gets past here with the same key."""
    await conn.execute(_LOCK, client_id, key)
    row = await conn.fetchrow(_FIND, client_id, key)
    return Remembered(**row) if row else None


async def add(conn: "Connection[Record]", client_id: str, key: str, remembered: Remembered, at: datetime) -> None:
    """Remember an answer."""
    await conn.execute(_ADD, client_id, key, remembered.request, remembered.status, remembered.body, at)
