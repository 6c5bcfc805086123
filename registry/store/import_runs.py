"""Imports as such: what was read when, how far, by whom, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from registry.kernel.db import Connection, Record

_COLUMNS = "id, started_at, finished_at, actor, source, sha256, mode, scope, state, read_lines, tally, counts, settled_by, settled_at"
_OPEN = """
insert into import_run (started_at, actor, source, sha256, mode, scope, state) values ($1, $2, $3, $4, $5, $6, $7) returning id"""
# A staged run is of use only while nothing was written after it began: it knows what was on file then.
_REUSABLE = f"""
select {_COLUMNS} from import_run r
where sha256 = $1 and mode = $2 and scope = $3 and state in ('reading', 'staged')
  and not exists (select from import_run later
                  where (later.id > r.id and later.state = 'applied')
                     or (later.state = 'rolled_back' and later.settled_at >= r.started_at))
order by id desc limit 1"""
_STALE = "update import_run set state = 'discarded', settled_at = $1 where state in ('reading', 'staged') and id <> $2 returning id"
_STAGING = ("import_row", "import_name", "import_seen", "import_successor")


@dataclass(frozen=True, slots=True)
class Run:
    """``state``: ``reading`` (a file half read), ``staged`` (read, waits to be applied), ``applied``, ``discarded``, ``rolled_back``.

    ``tally`` is what was counted while reading, ``counts`` what came of it.
    """

    id: int
    started_at: datetime
    finished_at: datetime | None
    actor: str
    source: str
    sha256: bytes
    mode: str
    scope: str
    state: str
    read_lines: int
    tally: Mapping[str, Any]
    counts: Mapping[str, Any]
    settled_by: str
    settled_at: datetime | None


async def open_run(
    conn: "Connection[Record]", now: datetime, actor: str, *, source: str, sha256: bytes, mode: str, scope: str = "",
    state: str = "reading",
) -> int:  # fmt: skip
    """Note that an import begins; its number."""
    number: int = await conn.fetchval(_OPEN, now, actor, source, sha256, mode, scope, state)
    return number


async def reusable(conn: "Connection[Record]", sha256: bytes, mode: str, scope: str) -> Run | None:
    """A run of the same file that was begun and not applied, when nothing was written since."""
    row = await conn.fetchrow(_REUSABLE, sha256, mode, scope)
    return Run(**row) if row else None


async def discard_others(conn: "Connection[Record]", number: int, now: datetime) -> None:
    """Drop what other runs have staged; what they rejected stays on record."""
    stale = [row["id"] for row in await conn.fetch(_STALE, now, number)]
    for table in _STAGING if stale else ():
        await conn.execute(f"delete from {table} where run = any ($1::bigint[])", stale)


async def note_progress(
    conn: "Connection[Record]", number: int, lines: int, tally: Mapping[str, Any], state: str
) -> None:
    """How far the file is read, in the transaction that staged the rows."""
    sql = "update import_run set read_lines = $2, tally = $3, state = $4 where id = $1"
    await conn.execute(sql, number, lines, dict(tally), state)


async def finish(conn: "Connection[Record]", number: int, now: datetime, counts: Mapping[str, int]) -> None:
    """The run is applied: nothing stays staged."""
    sql = "update import_run set finished_at = $2, counts = $3, state = 'applied' where id = $1"
    await conn.execute(sql, number, now, dict(counts))
    for table in _STAGING:
        await conn.execute(f"delete from {table} where run = $1", number)


async def settle(conn: "Connection[Record]", number: int, state: str, by: str, now: datetime) -> None:
    """Note that a run was taken back."""
    sql = "update import_run set state = $2, settled_by = $3, settled_at = $4 where id = $1"
    await conn.execute(sql, number, state, by, now)


async def find(conn: "Connection[Record]", number: int) -> Run | None:
    """One run, or None."""
    row = await conn.fetchrow(f"select {_COLUMNS} from import_run where id = $1", number)
    return Run(**row) if row else None


async def recent(conn: "Connection[Record]", limit: int = 50) -> list[Run]:
    """The newest first."""
    return [
        Run(**row) for row in await conn.fetch(f"select {_COLUMNS} from import_run order by id desc limit $1", limit)
    ]
