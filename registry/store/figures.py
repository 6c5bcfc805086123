"""Figures of the establishment: counted by a job, read by pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from registry.kernel.db import Connection, Record

_COUNT = """
insert into body_figure (region, kind, level, status, bodies, with_name, with_mark)
select b.region, b.kind, b.level, b.status, count(*), count(n.uscc), count(m.uscc)
from body b
left join (select distinct uscc from domain where uscc <> '' and deleted_at is null) n using (uscc)
left join (select distinct uscc from published.mark where state = 'valid') m using (uscc)
group by b.region, b.kind, b.level, b.status"""
_MONTH = """
insert into body_figure_month (month, province, alive, with_name, with_mark)
select $1, left(region, 2), sum(bodies), sum(with_name), sum(with_mark) from body_figure
where status in ('normal', 'renamed') group by 2
on conflict (month, province) do update set alive = excluded.alive, with_name = excluded.with_name, with_mark = excluded.with_mark"""
_BY = """
select {by} as key, sum(bodies)::int as bodies, sum(with_name)::int as with_name, sum(with_mark)::int as with_mark
from body_figure where region like $1 || '%' and (not $2 or status in ('normal', 'renamed')) group by 1 order by 1"""
_KEYS = {
    "province": "left(region, 2)", "city": "left(region, 4)", "region": "region", "kind": "kind", "level": "level", "status": "status"
}  # fmt: skip
_CENTRES = """
select count(*) as centres,
       count(*) filter (where exists (select from exchange_package p where p.peer = c.id and p.direction = 'in' and p.state = 'applied')
                           or exists (select from push_batch b where b.centre = c.id)) as sharing,
       count(*) filter (where exists (select from push_batch b where b.centre = c.id)) as online
from data_centre c where c.level = 'province'"""


@dataclass(frozen=True, slots=True)
class Figure:
    """``key`` is what was counted by: a region's first digits, a kind, a level, a status."""

    key: str
    bodies: int
    with_name: int
    with_mark: int

    @property
    def share(self) -> float | None:
        """Of the bodies those that hold a name; None when there are none."""
        return self.with_name / self.bodies if self.bodies else None


async def count_all(conn: "Connection[Record]", now: datetime, month: date) -> None:
    """Count everything anew, and write it down for this month."""
    await conn.execute("delete from body_figure")
    await conn.execute(_COUNT)
    await conn.execute(_MONTH, month)
    await conn.execute(
        "insert into body_figure_state (counted_at) values ($1) on conflict (one) do update set counted_at = $1", now
    )


async def counted_at(conn: "Connection[Record]") -> datetime | None:
    """When it was counted last, or None."""
    found: datetime | None = await conn.fetchval("select counted_at from body_figure_state")
    return found


async def by(conn: "Connection[Record]", key: str, region: str, *, alive: bool) -> list[Figure]:
    """Figures by ``province``, ``city``, ``region``, ``kind``, ``level`` or ``status`` below a region's first digits."""
    rows = await conn.fetch(_BY.format(by=_KEYS[key]), region, alive)
    return [Figure(*row) for row in rows]


async def months(conn: "Connection[Record]", province: str, limit: int) -> list[tuple[date, int, int]]:
    """Month, living bodies, and those with a name, in the order of time; of the whole country with an empty province."""
    rows = await conn.fetch(
        "select month, sum(alive)::int, sum(with_name)::int from body_figure_month where province like $1 || '%' "
        "group by month order by month desc limit $2",
        province, limit,
    )  # fmt: skip
    return [(row[0], row[1], row[2]) for row in reversed(rows)]


async def centres(conn: "Connection[Record]") -> Mapping[str, Any]:
    """``centres`` of provinces, those ``sharing`` data in any way, and those ``online``."""
    row = await conn.fetchrow(_CENTRES)
    return dict(row) if row else {"centres": 0, "sharing": 0, "online": 0}
