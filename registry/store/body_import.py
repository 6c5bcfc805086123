"""Bodies by the million: what a file holds is staged by COPY, and one statement each merges it.

Theory of operation. Row-by-row writing costs a round trip and a plan per row. Here rows that are new or changed (their digest
differs) are copied into ``import_row`` and their names into ``import_name``; every code of the file goes into
``import_seen``. Staging is committed batch by batch, so that a killed import goes on where it was. Then a handful of
set statements find duplicates, late rows and circles of sponsors, keep what was (``body_past``, ``history``), write change rows,
and merge, all in one transaction: a crash leaves the register as it was or as it should be.

Imports queue behind one advisory lock that is held from the first row to the merge, so a row that was unknown when it was
classified cannot be inserted by another import in between; a run that was interrupted is used again only when no other
was applied since.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

from registry.kernel.db import Connection, Record

IMPORT_LOCK = 0x6D6C6B01  # one import at a time (名录库); other writers of the database are not held up
MERGE_MEMORY = "128MB"  # for hashes over millions of codes; the default spills to disk
MAX_CIRCLE = 32  # steps upwards in which a circle of sponsors is looked for; real chains have five or six

BODY_COLUMNS = (
    "uscc", "name", "kind", "administrative", "region", "level", "sponsor_uscc", "authority", "address",
    "legal_representative", "phone", "status", "established_on", "valid_until", "annual_report_year",
    "successor_uscc", "changed_at", "digest",
)  # fmt: skip
_LIST = ", ".join(BODY_COLUMNS)
_SET = ", ".join(f"{column} = i.{column}" for column in BODY_COLUMNS if column != "uscc")
_DAY = "(changed_at at time zone 'Asia/Shanghai')::date"
_SINCE = "coalesce(b.since, (b.changed_at at time zone 'Asia/Shanghai')::date)"
# the day on which the new state begins: of the row itself, else of the import; never before the day on which the old one began
_NEW_DAY = f"greatest(coalesce((i.changed_at at time zone 'Asia/Shanghai')::date, $2), {_SINCE})"

_DUPLICATES = """
select s.line, s.uscc, f.line as first_line from import_seen s
join (select uscc, min(line) as line from import_seen where run = $1 and line > 0 group by uscc having count(*) > 1) f using (uscc)
where s.run = $1 and s.line > f.line order by s.line"""

_LATE = """
select i.line, i.uscc, i.changed_at, b.changed_at as known_at from import_row i join body b using (uscc)
where i.run = $1 and i.known and i.changed_at < b.changed_at order by i.line"""

# From every row that names a sponsor upwards, the file's rows before those on file, until the walk comes back to where it began.
_CIRCLES = f"""
with recursive up (line, start, node, depth) as (
    select i.line, i.uscc, i.sponsor_uscc, 1 from import_row i left join body b using (uscc)
    where i.run = $1 and i.sponsor_uscc <> '' and i.sponsor_uscc is distinct from b.sponsor_uscc
    union all
    select u.line, u.start, above.sponsor_uscc, u.depth + 1 from up u cross join lateral (
        select coalesce((select sponsor_uscc from import_row where run = $1 and uscc = u.node limit 1),
                        (select sponsor_uscc from body where uscc = u.node)) as sponsor_uscc) above
    where u.node <> u.start and u.depth < {MAX_CIRCLE} and above.sponsor_uscc <> ''
)
select distinct on (line) line, start as uscc, depth from up where node = start order by line"""

_HISTORY = """
insert into history (object, subject, act, actor, trid, at, snapshot)
select 'body', b.uscc, 'establishment.import', $2, $3, $4,
       to_jsonb(b) - 'digest' || jsonb_build_object('names', (
           select jsonb_agg(jsonb_build_array(n.role, n.name)) from body_name n where n.uscc = b.uscc))
from body b join import_row i using (uscc) where i.run = $1 and i.known"""

_PAST = f"""
insert into body_past (uscc, valid_from, valid_to, made_by, ended_by, state, names)
select b.uscc, {_SINCE}, {_NEW_DAY}, b.run, $1,
       to_jsonb(b) || jsonb_build_object('successors', coalesce((
           select jsonb_agg(to_jsonb(s)) from body_succession s where s.predecessor = b.uscc), '[]')),
       coalesce((
           select jsonb_agg(to_jsonb(n)) from body_name n where n.uscc = b.uscc), '[]')
from body b join import_row i using (uscc) where i.run = $1 and i.known"""

_CHANGES = """
insert into change (at, kind, subject, detail)
select $2, 'body.changed', b.uscc, jsonb_strip_nulls(jsonb_build_object(
    'name', case when b.name <> i.name then jsonb_build_array(b.name, i.name) end,
    'status', case when b.status <> i.status then jsonb_build_array(b.status, i.status) end,
    'successor', case when b.successor_uscc <> i.successor_uscc
                      then jsonb_build_array(b.successor_uscc, i.successor_uscc) end,
    'region', case when b.region <> i.region then jsonb_build_array(b.region, i.region) end))
from body b join import_row i using (uscc) where i.run = $1 and i.known"""

_INSERT = f"""
insert into body ({_LIST}, imported_at, run) select {_LIST}, $2, $1 from import_row where run = $1 and not known"""
_UPDATE = f"""
update body b set {_SET}, imported_at = $3, run = $1, since = {_NEW_DAY} from import_row i
where i.run = $1 and i.known and b.uscc = i.uscc"""

# A name that the new row no longer has is not forgotten: it becomes a former name, until the day of the change.
_RETIRE = """
insert into body_name (uscc, role, name, index_label, valid_from, valid_to, run)
select distinct on (n.uscc, n.name) n.uscc, 'former', n.name, n.index_label, n.valid_from, b.since, $1
from body_name n join import_row i using (uscc) join body b using (uscc)
where i.run = $1 and i.known and n.role <> 'former'
  and not exists (select from import_name m where m.run = $1 and m.line = i.line and m.name = n.name)
on conflict (uscc, role, name) do nothing"""

# Former names that only a file had said (no valid_to) go when the file no longer says so; those of our own history
# stay.
_DROP = """
delete from body_name n using import_row i
where i.run = $1 and i.known and n.uscc = i.uscc and (n.role <> 'former' or n.valid_to is null)
  and not exists (select from import_name m where m.run = $1 and m.line = i.line and m.name = n.name and m.role = n.role)"""

_NAMES = """
insert into body_name (uscc, role, name, index_label, valid_from, run)
select i.uscc, m.role, m.name, m.index_label, case when i.known and m.role <> 'former' then b.since end, $1
from import_name m join import_row i using (run, line) join body b using (uscc) where i.run = $1
on conflict (uscc, role, name) do update set index_label = excluded.index_label
where body_name.index_label <> excluded.index_label"""

# who follows is what the newest row says; what was said before stands in body_past
_UNFOLLOW = """
delete from body_succession s using import_row i
where i.run = $1 and i.known and s.predecessor = i.uscc and not exists (
    select from import_successor n where n.run = $1 and n.line = i.line and n.successor = s.successor)"""
_SUCCESSIONS = f"""
insert into body_succession (predecessor, successor, kind, since, run)
select i.uscc, s.successor, i.status, coalesce({_DAY}, $2), $1
from import_successor s join import_row i using (run, line) where s.run = $1
on conflict (predecessor, successor) do update set kind = excluded.kind where body_succession.kind <> excluded.kind"""

_DUE = """
insert into body_key_due (uscc) select uscc from import_row where run = $1 on conflict do nothing"""

_MISSING = """
select b.uscc, b.name from body b
where left(b.region, 2) = any ($2::text[]) and b.status in ('normal', 'renamed', 'suspended')
  and not exists (select from import_seen s where s.run = $1 and s.uscc = b.uscc)
order by b.uscc"""

_KNOWN = "select uscc, encode(digest, 'hex') as digest, region, level from body where uscc = any ($1::text[])"


async def lock_imports(conn: "Connection[Record]") -> None:
    """Wait for the turn of this connection; whoever holds it must call :func:`unlock_imports`, or lose the connection."""
    await conn.execute("set statement_timeout = 0")  # an import, and the wait for another, may take minutes
    await conn.execute("select pg_advisory_lock($1)", IMPORT_LOCK)


async def unlock_imports(conn: "Connection[Record]") -> None:
    """Let the next import in."""
    await conn.execute("select pg_advisory_unlock($1)", IMPORT_LOCK)
    await conn.execute("reset statement_timeout")


async def may_import_now(conn: "Connection[Record]") -> bool:
    """Take the turn for the rest of this transaction, without waiting; False while another import has it."""
    return bool(await conn.fetchval("select pg_try_advisory_xact_lock($1)", IMPORT_LOCK))


async def known_bodies(conn: "Connection[Record]", codes: Sequence[str]) -> dict[str, tuple[str, str, str]]:
    """Digest (hexadecimal), region and level of those codes that are on file."""
    rows = await conn.fetch(_KNOWN, list(codes))
    return {row["uscc"]: (row["digest"], row["region"], row["level"]) for row in rows}


async def copy_staged(conn: "Connection[Record]", bodies: bytes, names: bytes) -> None:
    """COPY text of ``import_row`` (run, line, known, columns of a body) and ``import_name`` (run, line, role, name, index label)."""
    if bodies:
        await conn.copy_to_table("import_row", source=BytesIO(bodies), columns=("run", "line", "known", *BODY_COLUMNS))
        await conn.copy_to_table("import_name", source=BytesIO(names))


async def copy_seen(conn: "Connection[Record]", run: int, seen: Iterable[tuple[int, str]]) -> None:
    """Line and code of every readable row; line 0 for a rejected one, whose body is not missing, only wrong."""
    await conn.copy_records_to_table("import_seen", records=[(run, line, uscc) for line, uscc in seen])


async def copy_successors(conn: "Connection[Record]", run: int, successors: Sequence[tuple[int, str]]) -> None:
    """Line and successor, one row for each of them."""
    if successors:
        records = [(run, line, successor) for line, successor in successors]
        await conn.copy_records_to_table("import_successor", records=records)


async def add_rejections(
    conn: "Connection[Record]", run: int, rows: Iterable[tuple[int, str, list[dict[str, Any]]]]
) -> None:
    """Line, code and problems of rows that were not taken."""
    sql = "insert into import_rejection (run, line, uscc, problems) values ($1, $2, $3, $4)"
    await conn.executemany(sql, [(run, *row) for row in rows])


async def rejections(conn: "Connection[Record]", run: int, limit: int) -> list[tuple[int, str, list[dict[str, Any]]]]:
    """The first of them, by line."""
    sql = "select line, uscc, problems from import_rejection where run = $1 order by line limit $2"
    return [(row["line"], row["uscc"], row["problems"]) for row in await conn.fetch(sql, run, limit)]


async def take_duplicates(conn: "Connection[Record]", run: int) -> list[tuple[int, str, int]]:
    """Rows whose code stood on an earlier line, as (line, code, first line); they are no longer part of the import."""
    await conn.execute(f"set local work_mem = '{MERGE_MEMORY}'")
    await conn.execute("analyze import_seen, import_row, import_name")
    found = [(row["line"], row["uscc"], row["first_line"]) for row in await conn.fetch(_DUPLICATES, run)]
    await _leave_out(conn, run, [line for line, _, _ in found])
    return found


async def take_late(conn: "Connection[Record]", run: int) -> list[tuple[int, str, datetime, datetime]]:
    """Rows older than what is on file, as (line, code, their instant, ours); they are no longer part of the import."""
    rows = await conn.fetch(_LATE, run)
    found = [(row["line"], row["uscc"], row["changed_at"], row["known_at"]) for row in rows]
    await _leave_out(conn, run, [line for line, _, _, _ in found])
    return found


async def take_circles(conn: "Connection[Record]", run: int) -> list[tuple[int, str, int]]:
    """Rows that would be their own superior, as (line, code, steps of the circle); they are no longer part of the import."""
    found = [(row["line"], row["uscc"], row["depth"]) for row in await conn.fetch(_CIRCLES, run)]
    await _leave_out(conn, run, [line for line, _, _ in found])
    return found


async def _leave_out(conn: "Connection[Record]", run: int, lines: list[int]) -> None:
    if lines:
        await conn.execute("delete from import_row where run = $1 and line = any ($2::int[])", run, lines)


async def merge_staged(
    conn: "Connection[Record]", run: int, actor: str, trid: str, now: datetime, today: date
) -> tuple[int, int]:
    """Write what was staged: bodies, names, past, history, successions and change rows. Returns how many were inserted and updated."""
    await conn.execute(_HISTORY, run, actor, trid, now)
    await conn.execute(_PAST, run, today)
    await conn.execute(_CHANGES, run, now)
    updated = _count(await conn.execute(_UPDATE, run, today, now))
    inserted = _count(await conn.execute(_INSERT, run, now))
    await conn.execute(_RETIRE, run)
    await conn.execute(_DROP, run)
    await conn.execute(_NAMES, run)
    await conn.execute(_UNFOLLOW, run)
    await conn.execute(_SUCCESSIONS, run, today)
    await conn.execute(_DUE, run)
    return inserted, updated


async def missing_bodies(conn: "Connection[Record]", run: int, provinces: Sequence[str]) -> list[tuple[str, str]]:
    """Living bodies of these provinces (first two digits of the region) that the file did not hold, as (code, name)."""
    return [(row["uscc"], row["name"]) for row in await conn.fetch(_MISSING, run, list(provinces))]


def _count(tag: str) -> int:
    return int(tag.rsplit(" ", 1)[-1])
