"""Comparisons as people read them: the list, figures, pages of findings, one finding with both sides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from registry.kernel.db import Connection, Record

_LIST = """
select id, department, area, source, at, loaded_by, rows, rejected, complete from comparison
where ($1::bigint is null or id = $1) order by id desc limit $2"""
_WITHIN = "region between $2 and $3 and level = any ($4::text[])"
_FIGURES = f"""
select comparison, kind, state, field, sum(many)::bigint as many from comparison_count
where comparison = any ($1::bigint[]) and {_WITHIN} group by comparison, kind, state, field"""
_LINE = """
f.id, f.comparison, f.kind, f.line, f.uscc, f.how, f.region, f.level, f.score, f.parts, f.differences, f.kept, f.candidates, f.state,
coalesce(b.name, '') as our_name, coalesce(r.name, '') as their_name, coalesce(nullif(r.uscc, ''), r.organisation, '') as their_code"""
_JOINED = """
from comparison_finding f left join body b on b.uscc = f.uscc
left join comparison_row r on r.comparison = f.comparison and r.line = f.line"""
_PAGE = f"""
select {_LINE} {_JOINED}
where f.comparison = $1 and f.region between $2 and $3 and f.level = any ($4::text[]) and f.kind = $5
  and (f.region, f.id) > ($6, $7) and ($8 = '' or f.state = $8) and ($9 = '' or f.differences ? $9)
order by f.region, f.id limit $10"""
_ONE = f"select {_LINE} {_JOINED} where f.id = $1 and f.comparison = $2"
_ROW = """
select line, uscc, organisation, name, label, region, place, address, legal_representative, phone, authority, status, established_on
from comparison_row where comparison = $1 and line = $2"""
_BODIES = """
select uscc, name, region, level, kind, address, legal_representative, phone, authority, status, successor_uscc,
       coalesce(established_on::text, '') as established_on,
       array(select n.role || ':' || n.name from body_name n where n.uscc = b.uscc and n.role <> 'full' order by 1) as others
from body b where uscc = any ($1::text[])"""
_REJECTIONS = "select line, code, problems from comparison_rejection where comparison = $1 order by line limit $2"
_MATCHED = "select exists (select from comparison_finding where comparison = $1 and uscc = $2 and kind <> 'here')"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison. ``area`` is the beginning of the regions compared, empty for the country."""

    id: int
    department: str
    area: str
    source: str
    at: datetime
    loaded_by: str
    rows: int
    rejected: int
    complete: bool


@dataclass(frozen=True, slots=True)
class Bounds:
    """Whose findings: region codes from ``low`` to ``high`` (six digits), and levels."""

    low: str
    high: str
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """How many findings of a kind in a state; with ``field``, how many differences in that field."""

    comparison: int
    kind: str
    state: str
    field: str
    many: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. ``differences`` is ``{field: [ours, theirs]}``, ``kept`` the fields that were decided before and have not changed."""

    id: int
    comparison: int
    kind: str
    line: int | None
    uscc: str
    how: str
    region: str
    level: str
    score: float
    parts: Mapping[str, float]
    differences: Mapping[str, list[str]]
    kept: list[str]
    candidates: list[dict[str, Any]]
    state: str
    our_name: str
    their_name: str
    their_code: str

    @property
    def cursor(self) -> str:
        """Where a page that ends here ends."""
        return f"{self.region}-{self.id}"


@dataclass(frozen=True, slots=True)
class Question:
    """Which findings: of one kind, in a state and with a difference in a field (empty: any), behind ``after`` (region, id)."""

    kind: str
    state: str = ""
    field: str = ""
    after: tuple[str, int] = ("", 0)


async def listed(conn: "Connection[Record]", limit: int) -> list[Comparison]:
    """The comparisons, the newest first."""
    return [Comparison(**row) for row in await conn.fetch(_LIST, None, limit)]


async def find(conn: "Connection[Record]", comparison: int) -> Comparison | None:
    """One of them."""
    row = await conn.fetchrow(_LIST, comparison, 1)
    return Comparison(**row) if row else None


async def figures(conn: "Connection[Record]", comparisons: Sequence[int], bounds: Bounds) -> list[Figure]:
    """How many of what, within the bounds."""
    rows = await conn.fetch(_FIGURES, list(comparisons), bounds.low, bounds.high, list(bounds.levels))
    return [Figure(**row) for row in rows]


async def page(
    conn: "Connection[Record]", comparison: int, bounds: Bounds, question: Question, limit: int
) -> list[Finding]:
    """Findings by region, then in the order in which they were made."""
    rows = await conn.fetch(
        _PAGE, comparison, bounds.low, bounds.high, list(bounds.levels), question.kind, *question.after, question.state,
        question.field, limit,
    )  # fmt: skip
    return [Finding(**row) for row in rows]


async def find_finding(
    conn: "Connection[Record]", comparison: int, finding: int, *, lock: bool = False
) -> Finding | None:
    """One finding, locked until the transaction ends when asked."""
    if lock:
        await conn.execute("select from comparison_finding where id = $1 for update", finding)
    row = await conn.fetchrow(_ONE, finding, comparison)
    return Finding(**row) if row else None


async def row_of(conn: "Connection[Record]", comparison: int, line: int | None) -> Record | None:
    """A row of their file."""
    return await conn.fetchrow(_ROW, comparison, line)


async def bodies_of(conn: "Connection[Record]", codes: Sequence[str]) -> list[Record]:
    """Bodies of ours as they are today."""
    return list(await conn.fetch(_BODIES, list(codes)))


async def rejections(
    conn: "Connection[Record]", comparison: int, limit: int
) -> list[tuple[int, str, list[dict[str, Any]]]]:
    """Rows of the file that were not taken: line, code, what is wrong."""
    rows = await conn.fetch(_REJECTIONS, comparison, limit)
    return [(row["line"], row["code"], row["problems"]) for row in rows]


async def is_matched(conn: "Connection[Record]", comparison: int, uscc: str) -> bool:
    """Whether a body has a partner in this comparison."""
    found: bool = await conn.fetchval(_MATCHED, comparison, uscc)
    return found
