"""The message queue of each registrar (RFC 5730 section 2.9.2.3)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from registry.kernel.db import Connection, Record

_ADD = "insert into poll_message (registrar_id, at, text_zh, text_en, kind, payload) values ($1, $2, $3, $4, $5, $6)"
_FIRST = """
select id, at, text_zh, text_en, kind, payload, count(*) over () as waiting
from poll_message where registrar_id = $1 and acked_at is null order by id limit 1"""
_ACK = "update poll_message set acked_at = $3 where registrar_id = $1 and id = $2 and acked_at is null"
_WAITING = (
    "select count(*) as waiting, min(id) as next_id from poll_message where registrar_id = $1 and acked_at is null"
)


async def add(
    conn: "Connection[Record]", registrar_id: str, at: datetime, zh: str, en: str, kind: str, payload: Mapping[str, Any]
) -> None:
    """Queue one message."""
    await conn.execute(_ADD, registrar_id, at, zh, en, kind, dict(payload))


async def first(conn: "Connection[Record]", registrar_id: str) -> Record | None:
    """The oldest waiting message with the number that wait, or None."""
    return await conn.fetchrow(_FIRST, registrar_id)


async def acknowledge(conn: "Connection[Record]", registrar_id: str, message_id: int, at: datetime) -> bool:
    """Take a message out of the queue; False when there is no such message waiting."""
    tag = await conn.execute(_ACK, registrar_id, message_id, at)
    return bool(tag == "UPDATE 1")


async def waiting(conn: "Connection[Record]", registrar_id: str) -> tuple[int, int | None]:
    """How many messages wait, and the id of the next."""
    row = await conn.fetchrow(_WAITING, registrar_id)
    return (row["waiting"], row["next_id"]) if row else (0, None)
