"""What reviewers decide about findings, kept beyond the comparison; and the figures that follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from registry.kernel.db import Connection, Record

_KEEP = """
insert into comparison_settlement (department, here, there, field, digest, verdict, remark, at, settled_by, finding)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict (department, here, there, field) do update set digest = excluded.digest, verdict = excluded.verdict,
    remark = excluded.remark, at = excluded.at, settled_by = excluded.settled_by, finding = excluded.finding"""
_OF_PAIR = """
select field, digest, verdict, remark, at, settled_by, finding from comparison_settlement
where department = $1 and here = $2 and there = $3"""
_COUNTED = """
insert into comparison_count (comparison, region, level, kind, state, field, many)
select f.comparison, f.region, f.level, f.kind, f.state, '', $2::bigint from comparison_finding f where f.id = $1
union all
select f.comparison, f.region, f.level, f.kind, case when k.field = any (f.kept) then 'settled' else 'open' end, k.field, $2::bigint
from comparison_finding f cross join lateral jsonb_object_keys(f.differences) as k (field) where f.id = $1 and f.kind = 'different'
on conflict (comparison, region, level, kind, state, field) do update set many = comparison_count.many + excluded.many"""
_UPDATE = "update comparison_finding set state = $2, kept = $3 where id = $1"
_LINK = """
update comparison_finding set kind = $2, uscc = $3, how = 'linked', region = $4, level = $5, differences = $6, candidates = '[]', state = $7
where id = $1"""
_NOT_MISSING = "delete from comparison_finding where comparison = $1 and uscc = $2 and kind = 'here' returning id"


@dataclass(frozen=True, slots=True)
class Settlement:
    """What was decided about one field of a pair (empty: about the finding as a whole)."""

    field: str
    digest: bytes
    verdict: str
    remark: str
    at: datetime
    settled_by: str
    finding: int


@dataclass(frozen=True, slots=True)
class Subject:
    """What a settlement is about: our code and how the row is named, each empty when that side has nothing."""

    department: str
    here: str
    there: str


async def keep(
    conn: "Connection[Record]",
    subject: Subject,
    decided: Sequence[tuple[str, bytes, str]],
    remark: str,
    at: datetime,
    by: str,
    finding: int,
) -> None:
    """Keep ``(field, digest of the values, verdict)``; what was decided before about the same field is replaced."""
    await conn.executemany(
        _KEEP,
        [
            (subject.department, subject.here, subject.there, field, digest, verdict, remark, at, by, finding)
            for field, digest, verdict in decided
        ],
    )


async def kept_of(conn: "Connection[Record]", subject: Subject) -> list[Settlement]:
    """What was decided about a pair."""
    rows = await conn.fetch(_OF_PAIR, subject.department, subject.here, subject.there)
    return [Settlement(**row) for row in rows]


async def count(conn: "Connection[Record]", finding: int, *, by: int) -> None:
    """Count a finding in (``by`` 1) or out (-1) as it stands."""
    await conn.execute(_COUNTED, finding, by)


async def set_state(conn: "Connection[Record]", finding: int, state: str, kept: Sequence[str]) -> None:
    """The finding's new state; its figures follow."""
    await count(conn, finding, by=-1)
    await conn.execute(_UPDATE, finding, state, list(kept))
    await count(conn, finding, by=1)


async def link(
    conn: "Connection[Record]",
    comparison: int,
    finding: int,
    uscc: str,
    region: str,
    level: str,
    differences: dict[str, tuple[str, str]],
) -> None:
    """An ambiguous finding becomes one about this body; that the body is missing there is no longer said."""
    missing = await conn.fetchval(
        "select id from comparison_finding where comparison = $1 and uscc = $2 and kind = 'here'", comparison, uscc
    )
    if missing is not None:
        await count(conn, missing, by=-1)
        await conn.execute(_NOT_MISSING, comparison, uscc)
    await count(conn, finding, by=-1)
    kind, state = ("different", "open") if differences else ("same", "none")
    await conn.execute(_LINK, finding, kind, uscc, region, level, differences, state)
    await count(conn, finding, by=1)
