"""Delegations as the register publishes them: the only SQL of the resolver that reads the register's views."""

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any

from registry.kernel.db import Connection, Record
from resolver.zone.delegation import Delegation
from resolver.zone.records import ds_rdata, to_wire

NO_TTLS = (0, 0)  # one object for the million delegations of which nobody chose a TTL
BATCH = 2000  # rows a round trip: large enough to hide it, small enough that answering goes on in between

_DELEGATION = """
select d.owner, d.zone, d.servers, d.ds, d.ns_ttl, d.ds_ttl,
       coalesce((select jsonb_object_agg(g.owner, jsonb_build_array(g.a_ttl, g.aaaa_ttl, (select jsonb_agg(host(a)) from unnest(g.addresses) a)))
                 from published.glue g where g.domain_roid = d.domain_roid and g.owner = any (d.servers)), '{}') as glue
from published.delegation d"""
_ALL = f"{_DELEGATION} where cardinality(d.servers) > 0"
_OF_ZONE = f"{_ALL} and d.zone = $1"
_SOME = f"{_DELEGATION} where d.owner = any ($1) and cardinality(d.servers) > 0"

# A change may name any member of a bundle or a host: what stands in the zone because of it is every member of the bundles concerned.
_CONCERNED = """
select b.name from published.bundle_name b where b.domain_roid in (
    select domain_roid from published.bundle_name where name = any ($1)
    union
    select roid from published.domain where roid = any ($3)
    union
    select l.domain_roid from published.host h join published.domain_host l on l.host_roid = h.roid where h.name = any ($2))"""


@dataclass(frozen=True, slots=True)
class Touched:
    """What a batch of changes speaks of: names of bundle members, names of hosts, ROIDs of domains."""

    names: set[str] = field(default_factory=set)
    hosts: set[str] = field(default_factory=set)
    roids: set[str] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.names or self.hosts or self.roids)


async def zones(conn: "Connection[Record]") -> list[str]:
    """The zones that the registry has, as A-labels."""
    return [row["name"] for row in await conn.fetch("select name from published.tld order by name")]


async def all_delegations(conn: "Connection[Record]", zone: str) -> AsyncIterator[Delegation]:
    """Every delegation of a zone; call in a transaction."""
    async for row in conn.cursor(_OF_ZONE, zone, prefetch=BATCH):
        yield _delegation(row)


async def some_delegations(conn: "Connection[Record]", owners: Iterable[str]) -> dict[str, Delegation]:
    """The delegations of these names, by name; a name that is not delegated is absent."""
    return {row["owner"]: _delegation(row) for row in await conn.fetch(_SOME, list(owners))}


async def concerned(conn: "Connection[Record]", touched: Touched) -> set[str]:
    """The names whose delegation may have changed; those that were touched themselves included."""
    rows = await conn.fetch(_CONCERNED, list(touched.names), list(touched.hosts), list(touched.roids))
    return touched.names | {row["name"] for row in rows}


def label_of(owner: str) -> bytes:
    """The second-level label of ``label.tld`` with its length octet."""
    return to_wire(owner.partition(".")[0])[:-1]


def _delegation(row: Record) -> Delegation:
    glue = sorted((to_wire(host), _addresses(texts), (a, aaaa)) for host, (a, aaaa, texts) in row["glue"].items())
    return Delegation(
        owner=label_of(row["owner"]),
        servers=tuple(sorted(to_wire(name) for name in row["servers"])),
        glue=tuple((host, addresses) for host, addresses, _ in glue),
        ds=tuple(sorted(_ds(each) for each in row["ds"])),
        ttls=(row["ns_ttl"], row["ds_ttl"]) if row["ns_ttl"] or row["ds_ttl"] else NO_TTLS,
        glue_ttls=tuple(ttls for _, _, ttls in glue) if any(a or aaaa for _, _, (a, aaaa) in glue) else (),
    )


def _addresses(texts: list[str]) -> tuple[bytes, ...]:
    return tuple(sorted(ip_address(text).packed for text in texts))


def _ds(record: Mapping[str, Any]) -> bytes:
    return ds_rdata(record["key_tag"], record["algorithm"], record["digest_type"], bytes.fromhex(record["digest"]))
