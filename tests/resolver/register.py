"""Writes to the register as its flows do, in plain SQL: what a zone is made of, and the change row that tells of it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from registry.kernel.db import Connection, Database
from registry.kernel.feed import announce, wake
from tests.kit.clock import START

Ds = tuple[int, int, int, str]

_DOMAIN = """
insert into domain (roid, name, u_label, tld, tld_set, table_id, index_label, registrar_id, created_at, created_by, expires_at)
values ($1, $2, $2, $3, 'cn', 'zh', $2, 'rar', $4, 'rar', $5)"""
_HOST = """
insert into host (roid, name, registrar_id, superordinate, addresses, created_at, created_by)
values ($1, $2, 'rar', (select domain_roid from bundle_name where name = $3), $4::text[]::inet[], $5, 'rar')"""


async def put_host(conn: "Connection[Any]", name: str, addresses: Sequence[str] = ()) -> None:
    """A host object; below a name of ours when its last two labels are one."""
    parent = ".".join(name.split(".")[-2:])
    await conn.execute(_HOST, f"H-{name}", name, parent, list(addresses), START)


async def put_domain(conn: "Connection[Any]", *names: str, statuses: Sequence[str] = ()) -> None:
    """A domain whose bundle has these names, the registered one first."""
    registered = names[0]
    zone = registered.partition(".")[2]
    await conn.execute(_DOMAIN, f"D-{registered}", registered, zone, START, START + timedelta(days=365))
    await conn.execute("update domain set statuses = $2 where name = $1", registered, list(statuses))
    for role, name in zip(("registered", "simplified", "traditional"), names, strict=False):
        await conn.execute("insert into bundle_name values ($1, $1, $2, $3)", name, f"D-{registered}", role)


async def delegate(conn: "Connection[Any]", domain: str, servers: Sequence[str], ds: Sequence[Ds] = ()) -> None:
    """Give the domain these name servers, which exist, and DS records instead of what it had."""
    roid = f"D-{domain}"
    await conn.execute("delete from domain_host where domain_roid = $1", roid)
    await conn.execute("delete from domain_ds where domain_roid = $1", roid)
    for server in servers:
        await conn.execute("insert into domain_host values ($1, $2)", roid, f"H-{server}")
    for key_tag, algorithm, digest_type, digest in ds:
        values = (roid, key_tag, algorithm, digest_type, bytes.fromhex(digest))
        await conn.execute("insert into domain_ds values ($1, $2, $3, $4, $5)", *values)


async def tell_domain(conn: "Connection[Any]", kind: str, *names: str) -> None:
    """The change row of a domain."""
    detail = {"names": list(names), "zone": names[0].partition(".")[2]}
    await announce(conn, START, f"domain.{kind}", f"D-{names[0]}", detail)


async def tell_host(conn: "Connection[Any]", kind: str, name: str, domains: Sequence[str] = ()) -> None:
    """The change row of a host."""
    detail: Mapping[str, Any] = {"name": name, "domains": list(domains), "zones": []}
    await announce(conn, START, f"host.{kind}", f"H-{name}", detail)


async def register(db: Database, *names: str, servers: Sequence[str], ds: Sequence[Ds] = ()) -> None:
    """One transaction as ``domain:create`` makes it, and the wake-up after the commit."""
    async with db.transaction() as conn:
        await put_domain(conn, *names)
        await delegate(conn, names[0], servers, ds)
        await tell_domain(conn, "created", *names)
    wake(db)
