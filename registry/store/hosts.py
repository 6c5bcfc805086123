"""Hosts (RFC 5732)."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from registry.kernel.db import Connection, Record
from registry.model.host import Host
from registry.model.lock import Lock, read_lock

_FIND = """
select h.*, exists (select from domain_host dh where dh.host_roid = h.roid) as is_linked,
       (select d.lock from domain d where d.roid = h.superordinate) as lock
from host h where h.name = $1"""
_ADD = """
insert into host (roid, name, registrar_id, superordinate, addresses, created_at, created_by, ttls)
select 'H' || nextval('roid_number') || '-' || $1, $2, r.id, $4, $5, $6, $3, $7
from registrar r where r.id = $3 and r.status = 'active'
returning roid"""
_SAVE = """
update host set name = $2, registrar_id = $3, superordinate = $4, addresses = $5, statuses = $6, updated_at = $7,
                updated_by = $8, transferred_at = $9, ttls = $10, status_reasons = $11
where roid = $1"""
# Sorted, so that two acts that use the same hosts wait for each other instead of for ever.
_SHARE = """
select roid, name, superordinate is not null as is_internal, addresses <> '{}' as has_glue
from host where name = any ($1) order by name for share"""
_USERS = """
select d.registrar_id, d.tld, d.lock, array(select b.name from bundle_name b where b.domain_roid = d.roid order by b.name) as names
from domain d where d.roid in (select domain_roid from domain_host where host_roid = $1 union all select $2::text)
order by d.name"""
_MOVE = """
update host set registrar_id = $2, transferred_at = $3 where roid in (
    select roid from host where superordinate = $1 order by name for no key update)
returning name"""


class Server(NamedTuple):
    """What a delegation has to know of a host."""

    roid: str
    name: str
    is_internal: bool
    has_glue: bool


class Use(NamedTuple):
    """A domain that a host touches: it delegates to it, or the host lies under it. ``names`` are its whole bundle."""

    registrar_id: str
    zone: str
    names: tuple[str, ...]
    lock: Lock | None = None


async def known(conn: "Connection[Record]", names: Iterable[str]) -> frozenset[str]:
    """Which of these names exist."""
    return frozenset(
        row["name"] for row in await conn.fetch("select name from host where name = any ($1)", list(names))
    )


async def find(conn: "Connection[Record]", name: str) -> Host | None:
    """The host, or None."""
    row = await conn.fetchrow(_FIND, name)
    return _host(row) if row else None


async def lock(conn: "Connection[Record]", name: str) -> Host | None:
    """The host, which nobody else can change or begin to use until the transaction ends, or None."""
    await conn.execute("select from host where name = $1 for update", name)
    return await find(conn, name)


async def share(conn: "Connection[Record]", names: Iterable[str]) -> dict[str, Server]:
    """The hosts that exist among these, by name; nobody can change them until the transaction ends."""
    rows = await conn.fetch(_SHARE, list(names))
    return {row["name"]: Server(*row) for row in rows}


async def users(conn: "Connection[Record]", host: Host) -> list[Use]:
    """The domains that delegate to it and the one that it lies under, by name."""
    rows = await conn.fetch(_USERS, host.roid, host.superordinate)
    return [Use(row["registrar_id"], row["tld"], tuple(row["names"]), read_lock(row["lock"])) for row in rows]


async def add(conn: "Connection[Record]", host: Host, roid_suffix: str) -> str | None:
    """Write it and give its new ROID; None when its registrar may not create. ``UniqueViolation`` when the name is taken."""
    roid: str | None = await conn.fetchval(
        _ADD,
        roid_suffix,
        host.name,
        host.registrar_id,
        host.superordinate,
        sorted(host.addresses, key=str),
        host.created_at,
        dict(host.ttls),
    )
    return roid


async def save(conn: "Connection[Record]", host: Host) -> None:
    """Write everything of it that can change. ``UniqueViolation`` when the new name is taken."""
    await conn.execute(
        _SAVE, host.roid, host.name, host.registrar_id, host.superordinate, sorted(host.addresses, key=str),
        sorted(host.statuses), host.updated_at, host.updated_by, host.transferred_at,
        dict(host.ttls), dict(host.status_reasons),
    )  # fmt: skip


async def remove(conn: "Connection[Record]", roid: str) -> None:
    """Delete it. ``ForeignKeyViolation`` when a domain delegates to it."""
    await conn.execute("delete from host where roid = $1", roid)


async def move_subordinates(conn: "Connection[Record]", domain_roid: str, registrar_id: str, at: datetime) -> list[str]:
    """Give the hosts below a domain to another registrar (RFC 5731 section 3.2.4); their names, sorted."""
    return sorted(row["name"] for row in await conn.fetch(_MOVE, domain_roid, registrar_id, at))


def _host(row: Record) -> Host:
    return Host(
        roid=row["roid"],
        name=row["name"],
        registrar_id=row["registrar_id"],
        created_at=row["created_at"],
        created_by=row["created_by"],
        superordinate=row["superordinate"],
        addresses=frozenset(address.ip if hasattr(address, "ip") else address for address in row["addresses"]),
        statuses=frozenset(row["statuses"]),
        updated_at=row["updated_at"],
        updated_by=row["updated_by"],
        transferred_at=row["transferred_at"],
        is_linked=row["is_linked"],
        ttls=row["ttls"],
        status_reasons=row["status_reasons"],
        lock=read_lock(row["lock"]),
    )
