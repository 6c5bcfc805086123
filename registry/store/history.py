"""History: every object as it was after every act, for ever."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from registry.kernel.db import Connection, Record

_ADD = """
insert into history (object, subject, act, actor, trid, client_trid, at, snapshot) values ($1, $2, $3, $4, $5, $6, $7, $8)"""


async def add(
    conn: "Connection[Record]",
    noun: str,
    subject: str,
    act: str,
    actor: str,
    trid: str,
    client_trid: str,
    at: datetime,
    snapshot: Mapping[str, Any],
) -> None:
    """Add one row in the caller's transaction."""
    await conn.execute(_ADD, noun, subject, act, actor, trid, client_trid, at, dict(snapshot))


async def list_of(conn: "Connection[Record]", subject: str) -> list[Record]:
    """All rows of one object, oldest first: act, actor, trid, at, snapshot."""
    return await conn.fetch(
        "select act, actor, trid, client_trid, at, snapshot from history where subject = $1 order by id", subject
    )
