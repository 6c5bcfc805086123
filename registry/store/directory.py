"""The rows of the red pages (``directory_entry``), derived from bodies, their live names and their marks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from registry.kernel.db import Connection, Record

_SOURCE = """
select b.uscc, b.name, b.kind, b.region, b.level, held.names, held.wire,
       coalesce((select m.origin from published.mark m where m.uscc = b.uscc and m.state = 'valid' order by m.issued_at, m.id limit 1), '') as site
from body b join (
    select d.uscc, array_agg(d.u_label || '.' || t.unicode order by d.created_at, d.name) as names, array_agg(d.name order by d.created_at,
    d.name) as wire from domain d join tld t on t.name = d.tld
    where d.deleted_at is null and d.uscc <> '' and not d.statuses && '{pendingCreate}' and {chosen}
    group by d.uscc) held on held.uscc = b.uscc
order by b.uscc"""
_SOME = _SOURCE.replace("{chosen}", "d.uscc = any ($1::text[])")
_AFTER = _SOURCE.replace("{chosen}", "d.uscc > $1") + " limit $2"
_PUT = """
insert into directory_entry as e (uscc, name, kind, region, level, service, sound, initials, grams, names, wire, site, changed_at)
select u, n, k, r, l, s, so, i, string_to_array(g, ' '), string_to_array(na, ' '), string_to_array(w, ' '), si, $13
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[],
            $12::text[]) as t (u, n, k, r, l, s, so, i, g, na, w, si)
on conflict (uscc) do update set name = excluded.name, kind = excluded.kind, region = excluded.region, level = excluded.level,
    service = excluded.service, sound = excluded.sound, initials = excluded.initials, grams = excluded.grams, names = excluded.names,
    wire = excluded.wire, site = excluded.site, changed_at = excluded.changed_at, gone_at = null
where (e.name, e.kind, e.region, e.level, e.service, e.names, e.wire, e.site, e.gone_at)
   is distinct from (excluded.name, excluded.kind, excluded.region, excluded.level, excluded.service, excluded.names, excluded.wire,
   excluded.site, null)"""
_GONE = """
update directory_entry e set gone_at = $2, changed_at = $2 where gone_at is null and ($1::text[] is null or uscc = any ($1)) and not exists (
    select from domain d where d.uscc = e.uscc and d.deleted_at is null and not d.statuses && '{pendingCreate}')"""
_CONCERNED = """
select uscc from domain where roid = any ($1) and uscc <> ''
union select uscc from directory_entry where wire && $2"""
_RECOUNT = """
insert into directory_count (province, kind, service, bodies)
select left(region, 2), kind, service, count(*) from directory_entry where gone_at is null group by 1, 2, 3"""
_KEEP = """
insert into directory_state (cursor, at) values ($1, $2) on conflict (single) do update set cursor = excluded.cursor, at = excluded.at"""


@dataclass(frozen=True, slots=True)
class Source:
    """What the register says of a body that holds live names."""

    uscc: str
    name: str
    kind: str
    region: str
    level: str
    names: Sequence[str]
    wire: Sequence[str]
    site: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A row to write: the source with what is derived from its name."""

    source: Source
    service: str
    sound: str
    initials: str
    grams: Sequence[str]


async def some(conn: "Connection[Record]", usccs: Iterable[str]) -> list[Source]:
    """The sources of these bodies; one that holds no live name has none."""
    return [Source(*row) for row in await conn.fetch(_SOME, sorted(usccs))]


async def after(conn: "Connection[Record]", uscc: str, limit: int) -> list[Source]:
    """The next sources in the order of codes."""
    return [Source(*row) for row in await conn.fetch(_AFTER, uscc, limit)]


async def put(conn: "Connection[Record]", entries: Sequence[Entry], now: datetime) -> int:
    """Write what differs from what is there; how many rows that were."""
    if not entries:
        return 0
    columns = zip(
        *((e.source.uscc, e.source.name, e.source.kind, e.source.region, e.source.level, e.service, e.sound, e.initials, " ".join(e.grams),
           " ".join(e.source.names), " ".join(e.source.wire), e.source.site) for e in entries),
        strict=True,
    )  # fmt: skip
    return _rows(await conn.execute(_PUT, *map(list, columns), now))


async def mark_gone(conn: "Connection[Record]", usccs: Iterable[str] | None, now: datetime) -> int:
    """Rows (all when None) whose body holds no live name any more."""
    return _rows(await conn.execute(_GONE, None if usccs is None else sorted(usccs), now))


async def concerned(conn: "Connection[Record]", roids: Iterable[str], names: Iterable[str]) -> set[str]:
    """Bodies that hold these domains now, or whose row lists these names."""
    return {row["uscc"] for row in await conn.fetch(_CONCERNED, sorted(roids), sorted(names))}


async def recount(conn: "Connection[Record]") -> None:
    """Count the live rows anew."""
    await conn.execute("delete from directory_count")
    await conn.execute(_RECOUNT)


async def cursor(conn: "Connection[Record]") -> str | None:
    """Where in the feed the rows stand; None before the first time."""
    found: str | None = await conn.fetchval("select cursor from directory_state")
    return found


async def keep_cursor(conn: "Connection[Record]", cursor: str, now: datetime) -> None:
    """Remember it."""
    await conn.execute(_KEEP, cursor, now)


def _rows(tag: str) -> int:
    return int(tag.rpartition(" ")[2])
