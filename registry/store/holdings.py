"""Names as their holders see them: what one body holds, and which other bodies bear a name."""

from dataclasses import dataclass
from datetime import datetime

from registry.kernel.db import Connection, Record

MAX_HELD = 200  # a body holds some names; a page shows no more

_HELD = """
select d.name, d.u_label || '.' || t.unicode as unicode, d.registrar_id, d.created_at, d.expires_at, d.deleted_at,
       d.statuses, exists (select from domain_host h where h.domain_roid = d.roid) as delegated
from domain d join tld t on t.name = d.tld where d.uscc = $1 order by d.created_at, d.name limit $2"""
_BEARERS = """
select n.name, n.role, b.uscc, b.name as body, b.region, b.level, b.status
from body_name n join body b on b.uscc = n.uscc where n.index_label = $1 and n.index_label <> '' and n.uscc <> $2
order by b.status <> 'normal', n.role = 'former', b.uscc, n.role, n.name limit 20"""


@dataclass(frozen=True, slots=True)
class Held:
    """A name of a body."""

    name: str
    unicode: str
    registrar_id: str
    created_at: datetime
    expires_at: datetime
    deleted_at: datetime | None
    statuses: tuple[str, ...]
    delegated: bool


@dataclass(frozen=True, slots=True)
class Bearer:
    """Another body that bears the wanted name, now or once (``role`` former)."""

    name: str
    role: str
    uscc: str
    body: str
    region: str
    level: str
    status: str


async def held_by(conn: "Connection[Record]", uscc: str) -> list[Held]:
    """The names that a body holds, the oldest first, at most :data:`MAX_HELD`."""
    rows = await conn.fetch(_HELD, uscc, MAX_HELD)
    return [Held(**{**row, "statuses": tuple(row["statuses"])}) for row in rows]


async def bearers(conn: "Connection[Record]", index_label: str, uscc: str) -> list[Bearer]:
    """Other bodies that bear the name in any spelling, living ones first."""
    return [Bearer(*row) for row in await conn.fetch(_BEARERS, index_label, uscc)]
