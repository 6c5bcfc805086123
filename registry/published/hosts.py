"""Name servers that are objects of the register (RFC 5732)."""

from collections.abc import Sequence

from registry.kernel.db import Connection, Database, Record
from registry.kernel.names import to_a
from registry.model.host import Host
from registry.model.lock import read_lock
from registry.published import reading
from registry.published.records import HostRecord

_COLUMNS = """
select h.*, array(select host(a) from unnest(h.addresses) a order by family(a), a) as shown,
       (select to_json(r) from published.registrar r where r.id = h.registrar_id) as registrar,
       (select d.lock from published.domain d where d.roid = h.superordinate) as lock
from published.host h"""
_HOST = f"{_COLUMNS} where h.name = $1"
_SOME = f"{_COLUMNS} where h.roid = any ($1::text[])"


async def find(db: "Database | Connection[Record]", text: str) -> HostRecord | None:
    """The host object of that name, in either form; None when there is none or the text is no host name."""
    try:
        name = to_a(text.strip())
    except ValueError:
        return None
    row = await db.fetchrow(_HOST, name)
    return _record(row) if row else None


async def some(db: "Database | Connection[Record]", roids: Sequence[str]) -> list[HostRecord]:
    """The hosts with these ROIDs, in this order; one that is gone is left out."""
    found = {row["roid"]: _record(row) for row in await db.fetch(_SOME, list(roids))}
    return [found[roid] for roid in roids if roid in found]


def _record(row: Record) -> HostRecord:
    host = Host(
        roid=row["roid"],
        name=row["name"],
        registrar_id=row["registrar_id"],
        created_at=row["created_at"],
        created_by="",
        statuses=frozenset(row["statuses"]),
        is_linked=row["linked"],
        lock=read_lock(row["lock"]),
    )
    return HostRecord(
        roid=row["roid"],
        name=row["name"],
        addresses=tuple(row["shown"]),
        host=host,
        registrar=reading.registrar(row["registrar"]),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )
