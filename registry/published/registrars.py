"""Registrars, by their IANA identifier, their id, or their name."""

from registry.kernel.db import Connection, Database, Record
from registry.published import reading
from registry.published.names import storable
from registry.published.records import RegistrarRecord

# An exact identifier first; a name counts only when it is the whole name, in any case.
_REGISTRAR = """
select to_json(r) as registrar from published.registrar r
where r.iana_id::text = $1 or r.id = $1 or lower(r.name) = lower($1)
order by r.iana_id::text = $1 desc nulls last, r.id = $1 desc, r.id limit 1"""
_BY_HANDLE = "select to_json(r) as registrar from published.registrar r where coalesce(r.iana_id::text, r.id) = $1"


async def find(db: "Database | Connection[Record]", text: str) -> RegistrarRecord | None:
    """The registrar that a person means by ``text``."""
    row = await db.fetchrow(_REGISTRAR, storable(text.strip()))
    return reading.registrar(row["registrar"]) if row else None


async def by_handle(db: "Database | Connection[Record]", handle: str) -> RegistrarRecord | None:
    """The registrar with this RDAP handle: its IANA identifier in digits (its id when it has none)."""
    row = await db.fetchrow(_BY_HANDLE, storable(handle))
    return reading.registrar(row["registrar"]) if row else None
