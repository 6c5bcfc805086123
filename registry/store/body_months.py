"""How many bodies there were month by month: of this month as counted now, of earlier months as their history tells."""

from datetime import date

from registry.kernel.db import Connection, Record

_NOW = """
insert into body_month (month, province, kind, level, status, bodies)
select $1, left(region, 2), kind, level, status, sum(bodies) from body_figure group by 2, 3, 4, 5"""
# The versions that were true on the day $2; whatever was established later was no body yet.
_THEN = """
insert into body_month (month, province, kind, level, status, bodies)
select $1, left(region, 2), kind, level, status, count(*) from (
    select region, kind, level, status, established_on from body
    where coalesce(since, (changed_at at time zone 'Asia/Shanghai')::date, '-infinity') <= $2
    union all
    select state->>'region', state->>'kind', state->>'level', state->>'status', (state->>'established_on')::date from body_past
    where coalesce(valid_from, '-infinity') <= $2 and valid_to > $2
) b where established_on is null or established_on <= $2 group by 2, 3, 4, 5"""
_MISSING = """
select m::date from generate_series($1::date, $2::date - interval '1 month', interval '1 month') m
where not exists (select from body_month where month = m::date) order by m desc limit $3"""
_KEYS = {"kind": "kind", "level": "level", "status": "status"}


async def count_this_month(conn: "Connection[Record]", month: date) -> None:
    """The month that runs, by the figures just counted (``body_figure``)."""
    await conn.execute("delete from body_month where month = $1", month)
    await conn.execute(_NOW, month)


async def missing(conn: "Connection[Record]", first: date, this: date, limit: int) -> list[date]:
    """Months from ``first`` to the one before ``this`` that nobody counted, the newest first."""
    return [row[0] for row in await conn.fetch(_MISSING, first, this, limit)]


async def count_from_history(conn: "Connection[Record]", month: date, last_day: date) -> None:
    """A month that is over, as it stood on its last day."""
    await conn.execute(_THEN, month, last_day)


async def by(
    conn: "Connection[Record]", key: str, province: str, first: date, alive: bool | None
) -> list[tuple[date, str, int]]:
    """Month, ``kind``, ``level`` or ``status``, and how many, since ``first``; living bodies, the others, or (None) all."""
    rows = await conn.fetch(
        f"select month, {_KEYS[key]}, sum(bodies)::int from body_month where province like $1 || '%' and month >= $2 "
        "and ($3::bool is null or $3 = (status in ('normal', 'renamed'))) group by 1, 2 order by 1, 2",
        province, first, alive,
    )  # fmt: skip
    return [(row[0], row[1], row[2]) for row in rows]
