"""Bodies by the million: what a file holds goes into temporary tables by COPY, and one statement each merges it.

Theory of operation. Row-by-row writing costs a round trip and a plan per row. Here rows that are new or changed
(their digest differs) are copied into ``incoming`` and their names into ``incoming_name``; every code of the file
goes into ``seen``. Then a handful of set statements find duplicates and late rows, write history and change rows of
the bodies that change, and merge. All of it is one transaction: a crash leaves the database as it was. Imports queue
behind one advisory lock, so a row that was unknown when it was classified cannot be inserted by another import before
the merge.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from registry.kernel.db import Connection, Record

IMPORT_LOCK = 0x6D6C6B01  # one import at a time (名录库); other writers of the database are not held up
MERGE_MEMORY = "128MB"  # for hashes over millions of codes; the default spills to disk

BODY_COLUMNS = (
    "uscc", "name", "kind", "administrative", "region", "level", "sponsor_uscc", "authority", "address",
    "legal_representative", "phone", "status", "established_on", "valid_until", "annual_report_year",
    "successor_uscc", "changed_at", "digest",
)  # fmt: skip
_LIST = ", ".join(BODY_COLUMNS)
_SET = ", ".join(f"{column} = i.{column}" for column in BODY_COLUMNS if column != "uscc")

_PREPARE = f"""
set local work_mem = '{MERGE_MEMORY}';
create temporary table incoming on commit drop as select 0 as line, false as known, {_LIST} from body with no data;
create temporary table incoming_name (line integer, role text, name text, index_label text) on commit drop;
create temporary table seen (line integer, uscc text) on commit drop"""

_DUPLICATES = """
select s.line, s.uscc, f.line as first_line from seen s
join (select uscc, min(line) as line from seen group by uscc having count(*) > 1) f using (uscc)
where s.line > f.line order by s.line"""

_LATE = """
select i.line, i.uscc, i.changed_at, b.changed_at as known_at from incoming i join body b using (uscc)
where i.known and i.changed_at < b.changed_at order by i.line"""

_HISTORY = """
insert into history (object, subject, act, actor, trid, at, snapshot)
select 'body', b.uscc, 'establishment.import', $1, $2, $3,
       to_jsonb(b) - 'digest' || jsonb_build_object('names', (
           select jsonb_agg(jsonb_build_array(n.role, n.name)) from body_name n where n.uscc = b.uscc))
from body b join incoming i using (uscc) where i.known"""

_CHANGES = """
insert into change (at, kind, subject, detail)
select $1, 'body.changed', b.uscc, jsonb_strip_nulls(jsonb_build_object(
    'name', case when b.name <> i.name then jsonb_build_array(b.name, i.name) end,
    'status', case when b.status <> i.status then jsonb_build_array(b.status, i.status) end,
    'successor', case when b.successor_uscc <> i.successor_uscc
                      then jsonb_build_array(b.successor_uscc, i.successor_uscc) end,
    'region', case when b.region <> i.region then jsonb_build_array(b.region, i.region) end))
from body b join incoming i using (uscc) where i.known"""

_INSERT = f"insert into body ({_LIST}, imported_at) select {_LIST}, $1 from incoming where not known"
_UPDATE = f"update body b set {_SET}, imported_at = $1 from incoming i where i.known and b.uscc = i.uscc"

# A name that the new row no longer has is not forgotten: it becomes a former name, from the day of the change.
_RETIRE = """
insert into body_name (uscc, role, name, index_label, valid_from, valid_to)
select distinct on (n.uscc, n.name) n.uscc, 'former', n.name, n.index_label, n.valid_from,
       coalesce(i.changed_at::date, $1)
from body_name n join incoming i using (uscc)
where i.known and n.role <> 'former'
  and not exists (select from incoming_name m where m.line = i.line and m.name = n.name)
on conflict (uscc, role, name) do nothing"""

# Former names that only a file had said (no valid_to) go when the file no longer says so; those of our own history
# stay.
_DROP = """
delete from body_name n using incoming i
where i.known and n.uscc = i.uscc and (n.role <> 'former' or n.valid_to is null)
  and not exists (select from incoming_name m where m.line = i.line and m.name = n.name and m.role = n.role)"""

_NAMES = """
insert into body_name (uscc, role, name, index_label)
select i.uscc, m.role, m.name, m.index_label from incoming_name m join incoming i using (line)
on conflict (uscc, role, name) do update set index_label = excluded.index_label
where body_name.index_label <> excluded.index_label"""

_MISSING = """
select b.uscc, b.name from body b
where left(b.region, 2) = any ($1::text[]) and b.status in ('normal', 'renamed', 'suspended')
  and b.uscc <> all ($2::text[]) and not exists (select from seen s where s.uscc = b.uscc)
order by b.uscc"""


async def prepare_import(conn: "Connection[Record]") -> None:
    """Take the import lock and make the temporary tables; they vanish with the transaction."""
    await conn.execute("set local statement_timeout = 0")  # an import, and the wait for another, may take minutes
    await conn.execute("select pg_advisory_xact_lock($1)", IMPORT_LOCK)
    await conn.execute(_PREPARE)


async def known_digests(conn: "Connection[Record]", codes: Sequence[str]) -> dict[str, bytes]:
    """The digests of those codes that are in the database."""
    rows = await conn.fetch("select uscc, digest from body where uscc = any ($1::text[])", list(codes))
    return {row["uscc"]: row["digest"] for row in rows}


async def copy_incoming(
    conn: "Connection[Record]", bodies: Iterable[tuple[Any, ...]], names: Iterable[tuple[int, str, str, str]]
) -> None:
    """Rows ``(line, known, *BODY_COLUMNS)`` and names ``(line, role, name, index_label)`` of what is new or changed."""
    await conn.copy_records_to_table("incoming", records=bodies, columns=("line", "known", *BODY_COLUMNS))
    await conn.copy_records_to_table("incoming_name", records=names)


async def copy_seen(conn: "Connection[Record]", seen: Iterable[tuple[int, str]]) -> None:
    """Line and code of every readable row."""
    await conn.copy_records_to_table("seen", records=seen)


async def take_duplicates(conn: "Connection[Record]") -> list[tuple[int, str, int]]:
    """Rows whose code stood on an earlier line, as (line, code, first line); they are no longer part of the import."""
    await conn.execute("analyze seen; analyze incoming")
    found = [(row["line"], row["uscc"], row["first_line"]) for row in await conn.fetch(_DUPLICATES)]
    await _leave_out(conn, [line for line, _, _ in found])
    return found


async def take_late(conn: "Connection[Record]") -> list[tuple[int, str, datetime, datetime]]:
    """Rows older than what is on file, as (line, code, their instant, ours); they are no longer part of the import."""
    found = [(row["line"], row["uscc"], row["changed_at"], row["known_at"]) for row in await conn.fetch(_LATE)]
    await _leave_out(conn, [line for line, _, _, _ in found])
    return found


async def _leave_out(conn: "Connection[Record]", lines: list[int]) -> None:
    if lines:
        await conn.execute("delete from incoming where line = any ($1::int[])", lines)


async def merge_incoming(
    conn: "Connection[Record]", actor: str, trid: str, now: datetime, today: date
) -> tuple[int, int]:
    """Write what was copied: bodies, names, history and change rows. Returns how many were inserted and updated."""
    await conn.execute(
        "create index on incoming_name (line); create index on incoming (uscc); analyze incoming, incoming_name"
    )
    await conn.execute(_HISTORY, actor, trid, now)
    await conn.execute(_CHANGES, now)
    updated = _count(await conn.execute(_UPDATE, now))
    inserted = _count(await conn.execute(_INSERT, now))
    await conn.execute(_RETIRE, today)
    await conn.execute(_DROP)
    await conn.execute(_NAMES)
    return inserted, updated


async def missing_bodies(
    conn: "Connection[Record]", provinces: Sequence[str], excused: Sequence[str]
) -> list[tuple[str, str]]:
    """Living bodies of these provinces (first two digits of the region) that the file did not hold, as (code, name)."""
    rows = await conn.fetch(_MISSING, list(provinces), list(excused))
    return [(row["uscc"], row["name"]) for row in rows]


async def open_run(
    conn: "Connection[Record]", now: datetime, actor: str, *, source: str, sha256: bytes, mode: str
) -> int:
    """Note that an import begins; the number of the run."""
    sql = "insert into import_run (started_at, actor, source, sha256, mode) values ($1, $2, $3, $4, $5) returning id"
    number: int = await conn.fetchval(sql, now, actor, source, sha256, mode)
    return number


async def close_run(conn: "Connection[Record]", number: int, now: datetime, counts: dict[str, int]) -> None:
    """Note how it ended."""
    await conn.execute("update import_run set finished_at = $2, counts = $3 where id = $1", number, now, counts)


def _count(tag: str) -> int:
    return int(tag.rsplit(" ", 1)[-1])
