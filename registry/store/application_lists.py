"""Lists of applications as people see them: the queue of a jurisdiction, those of one body, rivals for one name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from registry.kernel.db import Connection, Record

MAX_COUNTED = 10_000  # a queue that is longer is told as that much and more

_ROW = """
    a.id, a.kind, a.name, a.uscc, a.region, a.stage, a.created_at, a.proposed_by, a.registrar_id, a.decided_at,
    coalesce(b.name, '') as body, coalesce(b.level, 'central') as level, coalesce(d.decision, '') as verdict,
    a.claimed_by, a.returned_by, a.returned_at, a.paused_days, a.appeal_of"""
_FROM = "from application a left join body b on b.uscc = a.uscc left join decision d on d.id = a.decision_id"
# Each stage is read by itself from its end of the index, so that three of a million are found as quickly as all of three. With
# bounds the planner reads the index of regions, without them that of instants.
_QUEUE = f"""
select {_ROW} from (
    select q.* from unnest($1::text[]) as s (stage) cross join lateral (
        select a.* from application a {{within}}
        where a.state = 'submitted' and a.stage = s.stage and (a.created_at, a.id) > ($2, $3) {{bounds}}
        order by a.created_at, a.id limit $4) q
    order by q.created_at, q.id limit $4) a
left join body b on b.uscc = a.uscc left join decision d on d.id = a.decision_id
order by a.created_at, a.id"""
_COUNT = f"""
select s.stage, (select count(*) from (
    select from application a {{within}} where a.state = 'submitted' and a.stage = s.stage {{bounds}} limit {MAX_COUNTED}) c) as many
from unnest($1::text[]) as s (stage)"""
_WITHIN = "left join body b on b.uscc = a.uscc"
_BOUNDS = "and a.region between ${low} and ${high} and coalesce(b.level, 'central') = any (${levels}::text[])"
_RECENT = f"select {_ROW} {_FROM} order by a.created_at desc, a.id desc limit $1"
_OF_BODY = f"select {_ROW} {_FROM} where a.uscc = $1 order by a.created_at desc, a.id desc limit $2"
_RIVALS = f"""
select {_ROW} {_FROM}
where a.state = 'submitted' and a.index_label = $2 and a.index_label <> '' and a.id <> $1
  and a.tld = any (array(select name from tld where tld_set = (select tld_set from tld where name = $3)))
order by a.created_at, a.id limit 50"""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Which bodies' applications: region codes from ``low`` to ``high`` (six digits), and levels."""

    low: str
    high: str
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list. ``verdict`` is what the rules said when it was filed, empty when that was not kept."""

    id: str
    kind: str
    name: str
    uscc: str
    region: str
    stage: str
    created_at: datetime
    proposed_by: str
    registrar_id: str | None
    decided_at: datetime | None
    body: str
    level: str
    verdict: str
    claimed_by: str
    returned_by: str
    returned_at: datetime | None
    paused_days: int
    appeal_of: str | None


async def queue(
    conn: "Connection[Record]",
    bounds: Bounds | None,
    stages: Sequence[str],
    after: tuple[datetime, str],
    limit: int,
) -> list[Line]:
    """Those that wait, the oldest first, after the one that ``after`` names; ``bounds`` None is the whole country."""
    sql, values = _bounded(_QUEUE, bounds, 5)
    return [Line(*row) for row in await conn.fetch(sql, list(stages), *after, limit, *values)]


async def waiting_by_stage(conn: "Connection[Record]", bounds: Bounds | None, stages: Sequence[str]) -> dict[str, int]:
    """How many wait in each stage; counted up to :data:`MAX_COUNTED`."""
    sql, values = _bounded(_COUNT, bounds, 2)
    return {row["stage"]: row["many"] for row in await conn.fetch(sql, list(stages), *values)}


def _bounded(sql: str, bounds: Bounds | None, first: int) -> tuple[str, tuple[object, ...]]:
    if bounds is None:
        return sql.format(within="", bounds=""), ()
    clause = _BOUNDS.format(low=first, high=first + 1, levels=first + 2)
    return sql.format(within=_WITHIN, bounds=clause), (bounds.low, bounds.high, list(bounds.levels))


async def recent(conn: "Connection[Record]", limit: int) -> list[Line]:
    """The newest of all bodies, waiting or settled."""
    return [Line(*row) for row in await conn.fetch(_RECENT, limit)]


async def of_body(conn: "Connection[Record]", uscc: str, limit: int) -> list[Line]:
    """The newest of one body, waiting or settled."""
    return [Line(*row) for row in await conn.fetch(_OF_BODY, uscc, limit)]


async def rivals(conn: "Connection[Record]", application_id: str, index_label: str, tld: str) -> list[Line]:
    """Other waiting applications for the same name in any spelling, the oldest first."""
    return [Line(*row) for row in await conn.fetch(_RIVALS, application_id, index_label, tld)]


async def count_waiting(conn: "Connection[Record]", uscc: str) -> int:
    """How many of a body wait."""
    sql = "select count(*) from application where uscc = $1 and state = 'submitted'"
    return int(await conn.fetchval(sql, uscc))


async def level_of(conn: "Connection[Record]", uscc: str) -> str:
    """The level of a body; that of the centre when the register does not know it, so that only the centre decides."""
    return str(await conn.fetchval("select coalesce((select level from body where uscc = $1), 'central')", uscc))
