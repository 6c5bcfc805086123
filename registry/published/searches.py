"""Searches over names, hosts and entities, one page at a time (RFC 9082, section 3.2; RFC 9536).

Only ROIDs and handles come out of here; the records behind them are read by ``domains.some`` and ``hosts.some``. ``owner`` limits a search
to what one registrar sponsors; empty means everything. Patterns are two texts, before and after the one asterisk that RFC 9082 section 4.1
allows; with an empty ``after`` everything that begins so is found, and ``exact`` wants the whole.
"""

from dataclasses import dataclass
from typing import Any

from registry.kernel.db import Connection, Database, Record

MOST = 10_000  # results that may be paged through; whoever wants more shall narrow his search


@dataclass(frozen=True, slots=True)
class Pattern:
    """A text with at most one asterisk."""

    before: str
    after: str = ""
    exact: bool = False

    @property
    def like(self) -> str:
        """As the operator LIKE wants it."""
        escaped = [
            one.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for one in (self.before, self.after)
        ]
        return escaped[0] if self.exact else f"{escaped[0]}%{escaped[1]}"


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of the results, in which order: ``order`` are (column, descending) of :data:`ORDERS`."""

    order: tuple[tuple[str, bool], ...]
    offset: int
    size: int
    counted: bool = False


@dataclass(frozen=True, slots=True)
class Results:
    """ROIDs or handles of one page; ``total`` only when it was asked for."""

    keys: tuple[str, ...]
    has_more: bool
    total: int | None = None


# How each kind of result may be sorted: the property to the column.
ORDERS: dict[str, dict[str, str]] = {
    "domains": {
        "name": "d.name",
        "registrationDate": "d.created_at",
        "expirationDate": "d.expires_at",
        "lastChangedDate": "coalesce(d.updated_at, d.created_at)",
    },
    "nameservers": {
        "name": "h.name",
        "registrationDate": "h.created_at",
        "lastChangedDate": "coalesce(h.updated_at, h.created_at)",
    },
    "entities": {"handle": "e.handle", "fn": "e.fn"},
}
_DOMAINS = {
    "name": """d.roid in (select b.domain_roid from published.bundle_name b where b.unicode like {} or b.name like {})""",
    "server": """d.roid in (select l.domain_roid from published.domain_host l join published.host h on h.roid = l.host_roid
                           where h.name like {})""",
    "address": """d.roid in (select l.domain_roid from published.domain_host l join published.host h on h.roid = l.host_roid
                            where {}::inet = any (h.addresses))""",
    "registrant_handle": """(d.uscc = {} or d.registrant_id = (select c.id from published.contact c where c.roid = {}))""",
    "contact_handle": """d.roid in (select l.domain_roid from published.domain_contact l join published.contact c on c.id = l.contact_id
                                   where c.roid = {})""",
    "registrar_handle": """d.registrar_id in (select r.id from published.registrar r where coalesce(r.iana_id::text, r.id) = {})""",
    "registrant_fn": """d.uscc in (select n.uscc from published.body_name n where n.role = 'full' and n.name like {})""",
    "registrar_fn": """d.registrar_id in (select r.id from published.registrar r where r.name like {})""",
    "email": """(d.registrant_id in (select c.id from published.contact c where c.email like {}) or d.roid in (
        select l.domain_roid from published.domain_contact l join published.contact c on c.id = l.contact_id where c.email like {}))""",
}
_HOSTS = {"name": "h.name like {}", "address": "{}::inet = any (h.addresses)"}
_ENTITIES = """(select coalesce(r.iana_id::text, r.id) as handle, r.name as fn from published.registrar r
    union all select b.uscc, b.name from published.body b
    where exists (select from published.domain d where d.uscc = b.uscc and d.deleted_at is null)) e"""
_ENTITY = {"handle": "e.handle like {}", "fn": "e.fn like {}"}


async def domains(
    db: "Database | Connection[Record]", owner: str, any_of: tuple[tuple[str, str], ...], page: Page
) -> Results:
    """Domains of which at least one condition holds: (name of the condition, its value) of :data:`_DOMAINS`."""
    where, values = _where(_DOMAINS, any_of)
    if owner:
        values.append(owner)
        where = f"{where} and d.registrar_id = ${len(values)}"
    return await _page(db, "d.roid", f"published.domain d where {where}", values, "domains", page)


async def hosts(db: "Database | Connection[Record]", owner: str, condition: tuple[str, str], page: Page) -> Results:
    """Hosts by name or address."""
    where, values = _where(_HOSTS, (condition,))
    if owner:
        values.append(owner)
        where = f"{where} and h.registrar_id = ${len(values)}"
    return await _page(db, "h.roid", f"published.host h where {where}", values, "nameservers", page)


async def entities(db: "Database | Connection[Record]", condition: tuple[str, str], page: Page) -> Results:
    """Registrars and bodies that hold names, which are public; contacts are not searched. The keys are RDAP handles."""
    where, values = _where(_ENTITY, (condition,))
    return await _page(db, "e.handle", f"{_ENTITIES} where {where}", values, "entities", page)


def _where(known: dict[str, str], any_of: tuple[tuple[str, str], ...]) -> tuple[str, list[Any]]:
    values: list[Any] = []
    parts = []
    for name, value in any_of:
        values.append(value)
        parts.append(known[name].replace("{}", f"${len(values)}"))
    return f"({' or '.join(parts)})", values


async def _page(
    db: "Database | Connection[Record]", key: str, rest: str, values: list[Any], kind: str, page: Page
) -> Results:
    columns = ORDERS[kind]
    order = ", ".join([*(f"{columns[name]}{' desc' if down else ''}" for name, down in page.order), key])
    rows = await db.fetch(
        f"select {key} as key from {rest} order by {order} offset {page.offset} limit {page.size + 1}", *values
    )
    total = None
    if page.counted:
        total = await db.fetchval(f"select count(*) from (select from {rest} limit {MOST}) as counted", *values)
    return Results(tuple(row["key"] for row in rows[: page.size]), len(rows) > page.size, total)
