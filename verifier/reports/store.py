"""SQL of reports, sightings and cases."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from registry.kernel.db import Connection, Database, Record
from verifier.reports.cases import Case, CaseState, Evidence, Step

Reader = "Database | Connection[Record]"
PAGE = 50

_CASE = """select c.*, (select count(*) from verifier.report r where r.case_id = c.id) as reports from verifier.case_file c"""
_LISTED = f"""{_CASE} where ($1 = '' or c.state = $1) and ($2 or c.closed_at is null or $1 <> '')
order by c.answered_at is not null, c.due_at, c.id limit {PAGE}"""
_ADD_CASE = """insert into verifier.case_file
    (id, origin, host, address, mark_id, uscc, official, verdict, state, opened_at, due_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (host) where closed_at is null do nothing"""
_ADD_STEP = """insert into verifier.case_step (case_id, number, at, actor, kind, words)
    select $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5 from verifier.case_step where case_id = $1"""
_ADD_EVIDENCE = """insert into verifier.case_evidence (case_id, number, at, kind, name, content_type, sha256, received, content)
    select $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5, $6, $7, $8 from verifier.case_evidence where case_id = $1"""
_CHANGE = """update verifier.case_file set state = $2, handler = $3, answer = $4, answered_at = $5, closed_at = $6 where id = $1"""
_ADD_REPORT = """insert into verifier.report (id, at, address, host, words, contact, case_id) values ($1, $2, $3, $4, $5, $6, $7)"""
_SEEN = """insert into verifier.sighting as s (day, mark_id, host, door, first_at, last_at) values ($1, $2, $3, $4, $5, $5)
    on conflict (day, mark_id, host, door) do update set count = s.count + 1, last_at = excluded.last_at returning count"""
_SIGHTINGS = """select day, mark_id, host, door, count, first_at, last_at from verifier.sighting
    where host = $1 order by day desc, mark_id, door limit 30"""


async def find_case(db: "Database | Connection[Record]", case_id: str, *, is_whole: bool = True) -> Case | None:
    """The file; ``is_whole`` with its steps and what is said of its evidence (not the octets)."""
    row = await db.fetchrow(f"{_CASE} where c.id = $1", case_id)
    if row is None:
        return None
    case = _case(row)
    if not is_whole:
        return case
    steps = await db.fetch(
        "select number, at, actor, kind, words from verifier.case_step where case_id = $1 order by number", case_id
    )
    evidence = await db.fetch(
        """select number, at, kind, name, content_type, sha256, received, length(content) as size
           from verifier.case_evidence where case_id = $1 order by number""",
        case_id,
    )
    return replace(case, steps=tuple(Step(**row) for row in steps), evidence=tuple(Evidence(**row) for row in evidence))


async def find_live_case(conn: "Connection[Record]", host: str) -> Case | None:
    """The case about this host that is not closed."""
    row = await conn.fetchrow(f"{_CASE} where c.host = $1 and c.closed_at is null", host)
    return _case(row) if row else None


async def list_cases(db: "Database | Connection[Record]", state: str, *, is_all: bool) -> list[Case]:
    """Cases in a state, or all that are not closed (``is_all``: and those that are); those due first."""
    return [_case(row) for row in await db.fetch(_LISTED, state, is_all)]


async def count_cases(db: "Database | Connection[Record]") -> dict[str, int]:
    """How many there are, by state."""
    rows = await db.fetch("select state, count(*) as count from verifier.case_file group by state")
    return {row["state"]: row["count"] for row in rows}


async def count_opened(conn: "Connection[Record]", since: datetime, origins: Iterable[str]) -> int:
    """How many cases were opened by these ways since then."""
    sql = "select count(*) from verifier.case_file where opened_at >= $1 and origin = any($2::text[])"
    return int(await conn.fetchval(sql, since, list(origins)))


async def add_case(conn: "Connection[Record]", case: Case) -> bool:
    """Write a new one; False when the host has one already."""
    told = await conn.execute(
        _ADD_CASE, case.id, case.origin, case.host, case.address, case.mark_id, case.uscc, case.official, case.verdict,
        case.state, case.opened_at, case.due_at,
    )  # fmt: skip
    return told.endswith(" 1")


async def add_step(
    conn: "Connection[Record]", case_id: str, at: datetime, actor: str, kind: str, words: str = ""
) -> None:
    """The next line of the history."""
    await conn.execute(_ADD_STEP, case_id, at, actor, kind, words)


async def add_evidence(conn: "Connection[Record]", case_id: str, one: Evidence) -> None:
    """Keep something."""
    await conn.execute(
        _ADD_EVIDENCE, case_id, one.at, one.kind, one.name, one.content_type, one.sha256, one.received, one.content
    )


async def count_evidence(conn: "Connection[Record]", case_id: str) -> int:
    """How many things are kept in a file."""
    return int(await conn.fetchval("select count(*) from verifier.case_evidence where case_id = $1", case_id))


async def read_evidence(db: "Database | Connection[Record]", case_id: str) -> list[Evidence]:
    """Everything that is kept in a file, with its octets."""
    rows = await db.fetch(
        """select number, at, kind, name, content_type, sha256, received, length(content) as size, content
           from verifier.case_evidence where case_id = $1 order by number""",
        case_id,
    )
    return [Evidence(**row) for row in rows]


async def change_case(conn: "Connection[Record]", case: Case) -> None:
    """Write what was decided. With its end, how to reach the people who reported is forgotten."""
    await conn.execute(_CHANGE, case.id, case.state, case.handler, case.answer, case.answered_at, case.closed_at)
    if case.closed_at is not None:
        await conn.execute("update verifier.report set contact = '', state = 'closed' where case_id = $1", case.id)


async def add_report(conn: "Connection[Record]", report: dict[str, Any]) -> None:
    """Keep what a citizen told us."""
    await conn.execute(
        _ADD_REPORT, report["id"], report["at"], report["address"], report["host"], report["words"], report["contact"], report["case_id"]
    )  # fmt: skip


async def find_report(db: "Database | Connection[Record]", number: str) -> tuple[datetime, str, str | None] | None:
    """When a report came, what address it was about, and its case."""
    row = await db.fetchrow("select at, address, case_id from verifier.report where id = $1", number)
    return (row["at"], row["address"], row["case_id"]) if row else None


async def list_reports(db: "Database | Connection[Record]", case_id: str) -> list[Record]:
    """``id at address words contact`` of the reports in a case, newest first."""
    sql = "select id, at, address, words, contact from verifier.report where case_id = $1 order by at desc limit 50"
    return await db.fetch(sql, case_id)


async def count_sighting(
    conn: "Connection[Record]", day: date, mark_id: str, host: str, door: str, at: datetime
) -> int:
    """One more sighting of a mark at a host; how many there were that day."""
    return int(await conn.fetchval(_SEEN, day, mark_id, host, door, at))


async def list_sightings(db: "Database | Connection[Record]", host: str) -> list[Record]:
    """Where marks were seen at this host, newest first."""
    return await db.fetch(_SIGHTINGS, host)


def _case(row: Record) -> Case:
    return Case(**{**dict(row), "state": CaseState(row["state"])})
