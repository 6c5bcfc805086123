"""Report files of registrars, and the facts that they are made of: the history of domains, never a log."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from registry.kernel.db import Connection, Record

BATCH = 2000
_EVENTS = """
select h.id, h.at, h.act, h.actor, h.trid, h.client_trid, h.subject, h.snapshot, before.snapshot as before
from history h left join lateral (
    select snapshot from history p where p.subject = h.subject and p.id < h.id order by p.id desc limit 1) before on true
where h.object = 'domain' and h.at >= $1 and h.at < $2 and h.id > $3 order by h.id limit $4"""
_ADD = """
insert into registrar_report (registrar_id, kind, starts, made_at, lines, sha256, content) values ($1, $2, $3, $4, $5, $6, $7)
on conflict do nothing"""
_HELD = """
select d.name, d.u_label || '.' || t.unicode as unicode, d.created_at, d.expires_at, d.statuses, d.deleted_at,
       exists (select from domain_ds s where s.domain_roid = d.roid) as signed
from domain d join tld t on t.name = d.tld where d.registrar_id = $1 and d.created_at < $2 order by d.name"""
# Names that went within their add grace, whenever that was: they were not held for anything.
_DROPPED = """
select h.subject from history h where h.object = 'domain' and h.act = 'domain.purged' and h.at >= $1 and h.subject = any ($2)
and h.snapshot->>'deleted_at' is null"""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the history of a domain, with the domain before it (None at its birth)."""

    id: int
    at: datetime
    act: str
    actor: str
    trid: str
    client_trid: str
    subject: str
    snapshot: Mapping[str, Any]
    before: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Report:
    """A file; ``starts`` is the first day of its period."""

    registrar_id: str
    kind: str
    starts: date
    made_at: datetime
    lines: int
    sha256: bytes
    content: str = field(default="", repr=False)


async def events(conn: "Connection[Record]", since: datetime, until: datetime) -> AsyncIterator[Event]:
    """What happened to domains in a period, in order."""
    last = 0
    while rows := await conn.fetch(_EVENTS, since, until, last, BATCH):
        for row in rows:
            yield Event(*row)
        last = rows[-1]["id"]


async def dropped_in_grace(conn: "Connection[Record]", subjects: list[str], since: datetime) -> set[str]:
    """Those of the domains that were deleted in their add grace."""
    return {row["subject"] for row in await conn.fetch(_DROPPED, since, subjects)}


async def registrars(conn: "Connection[Record]") -> list[Record]:
    """``id, name, iana_id, created_at`` of all registrars."""
    return await conn.fetch("select id, name, iana_id, created_at from registrar order by id")


async def held(conn: "Connection[Record]", registrar_id: str, before: datetime) -> list[Record]:
    """The registrar's domains as they are, of those that were there before an instant."""
    return await conn.fetch(_HELD, registrar_id, before)


async def count_hosts(conn: "Connection[Record]", registrar_id: str) -> int:
    """How many hosts the registrar sponsors."""
    return int(await conn.fetchval("select count(*) from host where registrar_id = $1", registrar_id))


async def add(conn: "Connection[Record]", one: Report) -> bool:
    """Write it; False when it was there already, which stays as it is."""
    tag = await conn.execute(
        _ADD, one.registrar_id, one.kind, one.starts, one.made_at, one.lines, one.sha256, one.content
    )
    return bool(tag == "INSERT 0 1")


async def made(conn: "Connection[Record]", kind: str, since: date) -> set[tuple[str, date]]:
    """``(registrar, first day)`` of the files of a kind from a day on."""
    rows = await conn.fetch(
        "select registrar_id, starts from registrar_report where kind = $1 and starts >= $2", kind, since
    )
    return {(row["registrar_id"], row["starts"]) for row in rows}


async def listed(conn: "Connection[Record]", registrar_id: str, limit: int) -> list[Report]:
    """The registrar's files without what is in them, the newest first."""
    rows = await conn.fetch(
        "select registrar_id, kind, starts, made_at, lines, sha256 from registrar_report where registrar_id = $1"
        " order by starts desc, kind limit $2",
        registrar_id, limit,
    )  # fmt: skip
    return [Report(*row) for row in rows]


async def find(conn: "Connection[Record]", registrar_id: str, kind: str, starts: date) -> Report | None:
    """One file, whole, or None."""
    row = await conn.fetchrow(
        "select registrar_id, kind, starts, made_at, lines, sha256, content from registrar_report"
        " where registrar_id = $1 and kind = $2 and starts = $3",
        registrar_id, kind, starts,
    )  # fmt: skip
    return Report(*row) if row else None


async def remove_before(conn: "Connection[Record]", daily: date, monthly: date) -> int:
    """Drop daily files that begin before the one day, and monthly ones before the other; how many."""
    tag = await conn.execute(
        "delete from registrar_report where starts < case when kind like '%-daily' then $1::date else $2::date end",
        daily,
        monthly,
    )
    return int(tag.split()[-1])
