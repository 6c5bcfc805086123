"""SQL of the verifier: its own tables, and the published window of the register. Nothing else is read."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from registry.kernel.db import Connection, Database, Record
from registry.kernel.ids import new_bytes
from verifier.marks.looks import Look
from verifier.marks.states import MarkState, effective_state
from verifier.marks.statuslist import SLOTS

FILL = SLOTS // 2  # a list is used up to half, so that a random slot is free on the second try on average
SLOT_TRIES = 64  # 2 to the power of -64: then something else is wrong

_ALIVE = "(b.status = 'normal' or (b.status = 'renamed' and b.successor_uscc = ''))"
_HELD_HOST = """exists (select from published.bundle_name n join published.domain d on d.roid = n.domain_roid
    where n.name = substring(h.host from '[^.]+[.][^.]+$') and d.uscc = m.uscc and d.deleted_at is null)"""
_HELD = f"not exists (select from verifier.mark_host h where h.mark_id = m.id and not {_HELD_HOST})"

_MARK = f"""
select m.id, m.uscc, m.look, m.state, m.status_list, m.status_slot, m.issued_at, m.changed_at, m.reason,
       s.name as site_name, s.origin, s.purpose,
       array(select h.host from verifier.mark_host h where h.mark_id = m.id order by h.host) as hosts,
       coalesce(b.name, '') as body_name, coalesce(b.kind, '') as kind, coalesce(b.region, '') as region,
       coalesce(b.level, '') as level, coalesce(b.authority, '') as authority, coalesce(b.address, '') as address,
       coalesce(b.status, '') as body_status,
       coalesce({_ALIVE}, false) as is_body_alive, {_HELD} as is_name_held
from verifier.mark m join verifier.site s on s.id = m.site_id left join published.body b on b.uscc = m.uscc"""

_NAME = f"""
select n.name, n.unicode, d.name as registered, d.unicode as registered_unicode, d.uscc, d.created_at, d.deleted_at is null as is_live,
       coalesce(b.name, '') as body_name, coalesce(b.kind, '') as kind, coalesce(b.region, '') as region,
       coalesce(b.level, '') as level, coalesce(b.status, '') as body_status, coalesce({_ALIVE}, false) as is_body_alive,
       (select s.origin from verifier.mark m join verifier.site s on s.id = m.site_id join verifier.mark_host h on h.mark_id = m.id
        where m.uscc = d.uscc and m.state = 'valid' and substring(h.host from '[^.]+[.][^.]+$') = n.name
        order by m.issued_at limit 1) as origin
from published.bundle_name n join published.domain d on d.roid = n.domain_roid left join published.body b on b.uscc = d.uscc
where n.name = any($1::text[])"""

_BY_ID = _MARK + " where m.id = $1"
_BY_HOST = f"""{_MARK} where m.id in (select mark_id from verifier.mark_host where host = $1)
order by m.state = 'revoked', m.issued_at desc limit 1"""
_EXCEPTIONS = f"""
select m.status_slot, m.state, coalesce({_ALIVE}, false) as is_body_alive, {_HELD} as is_name_held
from verifier.mark m left join published.body b on b.uscc = m.uscc
where m.status_list = $1 and (m.state <> 'valid' or not coalesce({_ALIVE}, false) or not {_HELD})"""
_FALLEN = f"""
select m.id, coalesce({_ALIVE}, false) as is_body_alive
from verifier.mark m left join published.body b on b.uscc = m.uscc
where m.state = 'valid' and (not coalesce({_ALIVE}, false) or not {_HELD}) order by m.id limit $1"""


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark with everything that an answer about it needs. ``state`` is what it is worth now, ``stored`` what
    was decided.
    """

    id: str
    uscc: str
    look: Look
    state: MarkState
    stored: MarkState
    is_body_alive: bool
    is_name_held: bool
    status_list: int
    status_slot: int
    issued_at: datetime
    changed_at: datetime
    reason: str
    site_name: str
    origin: str
    purpose: str
    hosts: tuple[str, ...]
    body_name: str
    kind: str
    region: str
    level: str
    authority: str
    address: str
    body_status: str


@dataclass(frozen=True, slots=True)
class Name:
    """A name that stands in the register, who holds it, and the site under it that has a valid mark (``origin``,
    else empty).
    """

    name: str
    unicode: str
    registered: str
    registered_unicode: str
    uscc: str
    created_at: datetime
    is_live: bool
    body_name: str
    kind: str
    region: str
    level: str
    body_status: str
    is_body_alive: bool
    origin: str


async def find_mark(db: "Database | Connection[Record]", mark_id: str) -> Mark | None:
    """The mark with this number."""
    row = await db.fetchrow(_BY_ID, mark_id)
    return _mark(row) if row else None


async def find_mark_of_host(db: "Database | Connection[Record]", host: str) -> Mark | None:
    """The mark that names this host (A-form): the one in force, else the last that was revoked."""
    row = await db.fetchrow(_BY_HOST, host)
    return _mark(row) if row else None


async def find_marks_of(db: "Database | Connection[Record]", uscc: str) -> list[Mark]:
    """The marks of a body that are not revoked, oldest first."""
    rows = await db.fetch(f"{_MARK} where m.uscc = $1 and m.state <> 'revoked' order by m.issued_at, m.id", uscc)
    return [_mark(row) for row in rows]


async def find_names(db: "Database | Connection[Record]", names: list[str]) -> dict[str, Name]:
    """What the register knows of these names (A-form, label and TLD), by name."""
    rows = await db.fetch(_NAME, names)
    return {row["name"]: _name(row) for row in rows}


async def is_our_zone(db: "Database | Connection[Record]", tld: str) -> bool:
    """Whether the register keeps this top-level domain."""
    return bool(await db.fetchval("select exists (select from published.tld where name = $1)", tld))


async def list_exceptions(db: "Database | Connection[Record]", status_list: int) -> dict[int, MarkState]:
    """The slots of a status list whose mark is not valid now."""
    rows = await db.fetch(_EXCEPTIONS, status_list)
    return {row["status_slot"]: _worth(row) for row in rows}


async def list_fallen(db: "Database | Connection[Record]", limit: int) -> list[tuple[str, bool]]:
    """Marks stored as valid that have lost their body or their name, with whether the body is alive."""
    return [(row["id"], row["is_body_alive"]) for row in await db.fetch(_FALLEN, limit)]


async def is_known_list(db: "Database | Connection[Record]", status_list: int) -> bool:
    """Whether this list exists. The first one always does, empty at the beginning."""
    highest = await db.fetchval("select coalesce(max(status_list), 1) from verifier.mark")
    return 1 <= status_list <= int(highest)


async def find_body(conn: "Connection[Record]", uscc: str) -> Record | None:
    """``name kind administrative is_alive`` of a body, or None."""
    return await conn.fetchrow(
        f"select name, kind, administrative, {_ALIVE} as is_alive from published.body b where uscc = $1", uscc
    )


async def taken_slot(conn: "Connection[Record]") -> tuple[int, int]:
    """A free random place in the newest status list that has room. Two that choose the same meet at the unique key."""
    newest: int = await conn.fetchval("select coalesce(max(status_list), 1) from verifier.mark")
    used: int = await conn.fetchval("select count(*) from verifier.mark where status_list = $1", newest)
    if used >= FILL:
        newest += 1
    for _ in range(SLOT_TRIES):
        slot = int.from_bytes(new_bytes(4)) % SLOTS
        if not await conn.fetchval(
            "select exists (select from verifier.mark where status_list = $1 and status_slot = $2)", newest, slot
        ):
            return newest, slot
    raise AssertionError("a list that is half empty has no free slot")


async def add_mark(
    conn: "Connection[Record]", site: dict[str, Any], mark: dict[str, Any], hosts: tuple[str, ...]
) -> None:
    """Write a site, its mark and the hosts."""
    await conn.execute(
        "insert into verifier.site (id, uscc, name, origin, purpose, created_at) values ($1, $2, $3, $4, $5, $6)",
        site["id"], site["uscc"], site["name"], site["origin"], site["purpose"], site["created_at"],
    )  # fmt: skip
    await conn.execute(
        """insert into verifier.mark (id, site_id, uscc, look, state, status_list, status_slot, issued_at, changed_at, reason)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)""",
        mark["id"], site["id"], site["uscc"], mark["look"], mark["state"], mark["list"], mark["slot"], site["created_at"], mark["reason"],
    )  # fmt: skip
    await conn.executemany(
        "insert into verifier.mark_host (mark_id, host) values ($1, $2)", [(mark["id"], host) for host in hosts]
    )


async def set_state(conn: "Connection[Record]", mark_id: str, state: MarkState, reason: str, at: datetime) -> None:
    """Write what was decided about a mark."""
    await conn.execute(
        "update verifier.mark set state = $2, reason = $3, changed_at = $4 where id = $1", mark_id, state, reason, at
    )


# What a copy of all this in memory is made from, and kept up with (verifier/snapshot.py).
_AT_ONCE = 5000  # rows that a reader of everything holds at a time
_TOUCHED_MARKS = f"""{_MARK} where m.id = any($1::text[]) or m.uscc = any($2::text[]) or m.id in (
    select h.mark_id from verifier.mark_host h where substring(h.host from '[^.]+[.][^.]+$') = any($3::text[]))"""
_ALL_NAMES = _NAME.replace("where n.name = any($1::text[])", "where d.uscc <> ''")
_NAMES_OF_ROIDS = "select name from published.bundle_name where domain_roid = any($1::text[])"
_NAMES_OF_BODIES = """select n.name from published.bundle_name n join published.domain d on d.roid = n.domain_roid
    where d.uscc = any($1::text[])"""
_BODIES_OF_RUN = """select b.uscc from published.body_run b where b.run = $1 and (
    exists (select from published.domain d where d.uscc = b.uscc) or exists (select from verifier.mark m where m.uscc = b.uscc))"""


async def read_all_marks(conn: "Connection[Record]") -> AsyncIterator[Mark]:
    """Every mark; in the caller's transaction."""
    async for row in conn.cursor(_MARK, prefetch=_AT_ONCE):
        yield _mark(row)


async def read_all_names(conn: "Connection[Record]") -> AsyncIterator[Name]:
    """Every name that a body holds or held; in the caller's transaction."""
    async for row in conn.cursor(_ALL_NAMES, prefetch=_AT_ONCE):
        yield _name(row)


async def find_touched_marks(
    conn: "Connection[Record]", ids: Iterable[str], bodies: Iterable[str], names: Iterable[str]
) -> list[Mark]:
    """The marks with these numbers, of these bodies, or with a host under one of these names."""
    return [_mark(row) for row in await conn.fetch(_TOUCHED_MARKS, list(ids), list(bodies), list(names))]


async def find_names_of(conn: "Connection[Record]", roids: Iterable[str], bodies: Iterable[str]) -> set[str]:
    """The names (A-form) in the bundles of these domains and of these bodies."""
    rows = [*await conn.fetch(_NAMES_OF_ROIDS, list(roids)), *await conn.fetch(_NAMES_OF_BODIES, list(bodies))]
    return {row["name"] for row in rows}


async def find_bodies_of_run(conn: "Connection[Record]", run: int) -> set[str]:
    """The bodies with names or marks that an import wrote."""
    return {row["uscc"] for row in await conn.fetch(_BODIES_OF_RUN, run)}


async def read_zones(conn: "Connection[Record]") -> frozenset[str]:
    """The top-level domains that the register keeps."""
    return frozenset(row["name"] for row in await conn.fetch("select name from published.tld"))


def _name(row: Record) -> Name:
    return Name(**{**dict(row), "origin": row["origin"] or ""})


def _worth(row: Record) -> MarkState:
    return effective_state(
        MarkState(row["state"]), is_body_alive=row["is_body_alive"], is_name_held=row["is_name_held"]
    )


def _mark(row: Record) -> Mark:
    values = dict(row)
    return Mark(
        **{
            **values,
            "look": Look(values["look"]),
            "stored": MarkState(values["state"]),
            "state": _worth(row),
            "hosts": tuple(values["hosts"]),
        }
    )
