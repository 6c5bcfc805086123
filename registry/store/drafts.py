"""Drafts of applications."""

from dataclasses import dataclass
from datetime import datetime

from registry.kernel.db import Connection, Record

_COLUMNS = "id, username, uscc, name, traditional, note, version, changed_at"
_CHANGE = """
update application_draft set username = $3, name = $4, traditional = $5, note = $6, version = version + 1, changed_at = $8
where id = $1 and uscc = $2 and version = $7"""


@dataclass(frozen=True, slots=True)
class Draft:
    """``username`` is who changed it last; ``version`` grows with every change."""

    id: str
    username: str
    uscc: str
    name: str
    traditional: str
    note: str
    version: int
    changed_at: datetime


async def of_body(conn: "Connection[Record]", uscc: str, limit: int) -> list[Draft]:
    """The last changed first."""
    rows = await conn.fetch(
        f"select {_COLUMNS} from application_draft where uscc = $1 order by changed_at desc, id limit $2", uscc, limit
    )
    return [Draft(*row) for row in rows]


async def find(conn: "Connection[Record]", uscc: str, draft_id: str) -> Draft | None:
    """One of this body, or None."""
    row = await conn.fetchrow(f"select {_COLUMNS} from application_draft where id = $1 and uscc = $2", draft_id, uscc)
    return Draft(*row) if row else None


async def add(conn: "Connection[Record]", one: Draft) -> None:
    """Write a new one."""
    await conn.execute(
        f"insert into application_draft ({_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        one.id, one.username, one.uscc, one.name, one.traditional, one.note, one.version, one.changed_at,
    )  # fmt: skip


async def change(conn: "Connection[Record]", one: Draft) -> bool:
    """Write it over the version that it names; False when that is not the last one any more."""
    tag = await conn.execute(
        _CHANGE, one.id, one.uscc, one.username, one.name, one.traditional, one.note, one.version, one.changed_at
    )
    return bool(tag == "UPDATE 1")


async def drop(conn: "Connection[Record]", uscc: str, draft_id: str) -> None:
    """Remove it."""
    await conn.execute("delete from application_draft where id = $1 and uscc = $2", draft_id, uscc)
