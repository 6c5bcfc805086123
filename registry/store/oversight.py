"""What operators and auditors look at: registrars, imports, the audit entries and the head of their chain."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from registry.kernel.db import Connection, Record

_REGISTRARS = """
select r.id, r.name, r.iana_id, r.status, r.created_at,
       (select count(*) from registrar_certificate c where c.registrar_id = r.id and c.revoked_at is null and c.not_after > $1) as keys,
       (select count(*) from api_client a where a.registrar_id = r.id and a.revoked_at is null) as clients
from registrar r order by r.id limit $2"""
_IMPORTS = """
select id, started_at, finished_at, actor, source, mode, state, counts from import_run order by id desc limit $1"""
# `$n = ''` lets a filter be left out; the period is always there, so that no reading goes through the whole journal.
_ENTRIES = """
select id, at, actor, act, subject, trid, detail, position, previous, hash from audit_entry
where at >= $1 and at < $2 and ($3 = '' or actor = $3) and ($4 = '' or act like $4) and ($5 = '' or subject = $5)
  and ($6 = '' or trid = $6) and id < $7
order by id desc limit $8"""
_TAIL = """
select id, at, actor, act, subject, trid, detail, position, previous, hash from audit_entry
where position > (select position from audit_head) - $1 order by position"""


@dataclass(frozen=True, slots=True)
class ListedRegistrar:
    """``keys`` are certificates in force, ``clients`` REST clients."""

    id: str
    name: str
    iana_id: int | None
    status: str
    created_at: datetime
    keys: int
    clients: int


@dataclass(frozen=True, slots=True)
class ListedImport:
    """One import of the establishment database."""

    id: int
    started_at: datetime
    finished_at: datetime | None
    actor: str
    source: str
    mode: str
    state: str
    counts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An audit entry; the last three are None until it was sealed."""

    id: int
    at: datetime
    actor: str
    act: str
    subject: str
    trid: str
    detail: str
    position: int | None
    previous: bytes | None
    hash: bytes | None


async def list_registrars(conn: "Connection[Record]", now: datetime, limit: int) -> list[ListedRegistrar]:
    """In the order of their ids."""
    return [ListedRegistrar(*row) for row in await conn.fetch(_REGISTRARS, now, limit)]


async def list_imports(conn: "Connection[Record]", limit: int) -> list[ListedImport]:
    """The newest first."""
    return [ListedImport(*row) for row in await conn.fetch(_IMPORTS, limit)]


async def list_entries(
    conn: "Connection[Record]",
    period: tuple[datetime, datetime],
    *,
    actor: str,
    act_pattern: str,
    subject: str,
    trid: str,
    before: int,
    limit: int,
) -> list[EntryRow]:
    """Entries of a period (begin, end), the newest first, with a smaller id than ``before``. Empty filters are none."""
    rows = await conn.fetch(_ENTRIES, *period, actor, act_pattern, subject, trid, before, limit)
    return [EntryRow(*row) for row in rows]


async def tail(conn: "Connection[Record]", count: int) -> list[EntryRow]:
    """The last sealed entries, in the order of the chain."""
    return [EntryRow(*row) for row in await conn.fetch(_TAIL, count)]


async def head(conn: "Connection[Record]") -> tuple[int, bytes, int]:
    """Position and hash of the chain's head, and how many entries wait to be sealed."""
    row = await conn.fetchrow(
        "select position, hash, (select count(*) from audit_entry where position is null) as unsealed from audit_head"
    )
    return (row["position"], row["hash"], row["unsealed"]) if row else (0, bytes(32), 0)
