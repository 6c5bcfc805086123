"""What reminders were sent, and who is away: the memory of jobs that may miss a run and never say a thing twice."""

from dataclasses import dataclass
from datetime import date, datetime

from registry.kernel.db import Connection, Record

_LATE = """
select id from application where state = 'submitted' and stage <> 'returned' and created_at < $1 and (reminded_on is null or reminded_on < $2)
order by created_at limit $3"""
# The nearest reminder that is due and was not sent for this end; an earlier one that was missed is not made up when a later one is due.
_ENDING = """
select d.roid, d.name, d.uscc, d.expires_at, t.days
from domain d cross join lateral (
    select min(days) as days from unnest($3::integer[]) as t (days) where d.expires_at <= $1::timestamptz + make_interval(days => t.days)
) t
where d.uscc <> '' and d.deleted_at is null and d.expires_at > $1 and d.expires_at <= $2
  and not exists (select from name_reminder r where r.roid = d.roid and r.expires_at = d.expires_at and r.days <= t.days)
order by d.expires_at limit $4"""
_ASK_AGAIN = """
select d.roid, d.name, d.uscc, extract(year from age($1::timestamptz, d.created_at))::int as year
from domain d where d.uscc <> '' and d.deleted_at is null and d.created_at <= $1::timestamptz - interval '1 year'
  and not exists (select from name_recheck c where c.roid = d.roid and c.year >= extract(year from age($1::timestamptz, d.created_at))::int)
order by d.created_at limit $2"""
_OVERDUE = """
select c.roid, d.name, d.uscc, c.year from name_recheck c join domain d using (roid)
where c.done_at is null and c.told_at is null and c.asked_at <= $1 and d.deleted_at is null order by c.asked_at limit $2"""
_AWAY = "select username, delegate, first_day, last_day, handed_at from reviewer_absence"
_SET_AWAY = """
insert into reviewer_absence (username, delegate, first_day, last_day, set_at) values ($1, $2, $3, $4, $5)
on conflict (username) do update set delegate = excluded.delegate, first_day = excluded.first_day, last_day = excluded.last_day,
    set_at = excluded.set_at, handed_at = null"""
_ON_DESK = "select id from application where state = 'submitted' and claimed_by = $1 order by created_at"


@dataclass(frozen=True, slots=True)
class Ending:
    """A name whose year ends within ``days``."""

    roid: str
    name: str
    uscc: str
    expires_at: datetime
    days: int


@dataclass(frozen=True, slots=True)
class Recheck:
    """A name that somebody should look at: ``year`` of its life is over."""

    roid: str
    name: str
    uscc: str
    year: int


@dataclass(frozen=True, slots=True)
class Absence:
    """``first_day`` and ``last_day`` are Beijing's, both included."""

    username: str
    delegate: str
    first_day: date
    last_day: date
    handed_at: datetime | None = None


async def late_applications(conn: "Connection[Record]", before: datetime, today: date, limit: int) -> list[str]:
    """Those that wait for reviewers since before an instant, and of which nobody was reminded today."""
    return [row[0] for row in await conn.fetch(_LATE, before, today, limit)]


async def note_reminded(conn: "Connection[Record]", application_id: str, today: date) -> None:
    """Looked at today."""
    await conn.execute("update application set reminded_on = $2 where id = $1", application_id, today)


async def ending_names(
    conn: "Connection[Record]", now: datetime, until: datetime, days: list[int], limit: int
) -> list[Ending]:
    """Names that must be reminded of, the next that end first."""
    return [Ending(*row) for row in await conn.fetch(_ENDING, now, until, days, limit)]


async def note_ending(conn: "Connection[Record]", one: Ending, now: datetime) -> bool:
    """Sent; False when it was before."""
    tag = await conn.execute(
        "insert into name_reminder (roid, expires_at, days, sent_at) values ($1, $2, $3, $4) on conflict do nothing",
        one.roid, one.expires_at, one.days, now,
    )  # fmt: skip
    return bool(tag == "INSERT 0 1")


async def to_recheck(conn: "Connection[Record]", now: datetime, limit: int) -> list[Recheck]:
    """Names whose last full year nobody was asked to look at."""
    return [Recheck(*row) for row in await conn.fetch(_ASK_AGAIN, now, limit)]


async def ask_recheck(conn: "Connection[Record]", one: Recheck, now: datetime) -> bool:
    """Asked; False when it was before."""
    tag = await conn.execute(
        "insert into name_recheck (roid, year, asked_at) values ($1, $2, $3) on conflict do nothing",
        one.roid,
        one.year,
        now,
    )
    return bool(tag == "INSERT 0 1")


async def open_recheck(conn: "Connection[Record]", roid: str) -> datetime | None:
    """Since when a look at this name is owed, or None."""
    found: datetime | None = await conn.fetchval(
        "select min(asked_at) from name_recheck where roid = $1 and done_at is null", roid
    )
    return found


async def finish_recheck(conn: "Connection[Record]", roid: str, now: datetime, by: str) -> bool:
    """All that is owed is done; False when nothing was."""
    tag = await conn.execute(
        "update name_recheck set done_at = $2, done_by = $3 where roid = $1 and done_at is null", roid, now, by
    )
    return bool(tag != "UPDATE 0")


async def overdue_rechecks(conn: "Connection[Record]", before: datetime, limit: int) -> list[Recheck]:
    """Those that were asked for before an instant, not done, and not told to reviewers."""
    return [Recheck(*row) for row in await conn.fetch(_OVERDUE, before, limit)]


async def note_told(conn: "Connection[Record]", one: Recheck, now: datetime) -> None:
    """The reviewers know."""
    await conn.execute("update name_recheck set told_at = $3 where roid = $1 and year = $2", one.roid, one.year, now)


async def set_absence(conn: "Connection[Record]", one: Absence, now: datetime) -> None:
    """In the place of the one before."""
    await conn.execute(_SET_AWAY, one.username, one.delegate, one.first_day, one.last_day, now)


async def end_absence(conn: "Connection[Record]", username: str) -> bool:
    """He is back; False when he was not away."""
    return bool(await conn.execute("delete from reviewer_absence where username = $1", username) == "DELETE 1")


async def absence_of(conn: "Connection[Record]", username: str) -> Absence | None:
    """What he set, past or to come, or None."""
    row = await conn.fetchrow(f"{_AWAY} where username = $1", username)
    return Absence(*row) if row else None


async def to_hand_over(conn: "Connection[Record]", today: date) -> list[Absence]:
    """Those that began and whose desk was not cleared."""
    rows = await conn.fetch(
        f"{_AWAY} where handed_at is null and first_day <= $1 and last_day >= $1 order by username", today
    )
    return [Absence(*row) for row in rows]


async def note_handed(conn: "Connection[Record]", username: str, now: datetime) -> None:
    """His desk is clear."""
    await conn.execute("update reviewer_absence set handed_at = $2 where username = $1", username, now)


async def on_desk(conn: "Connection[Record]", actor: str) -> list[str]:
    """Open applications that he claimed."""
    return [row[0] for row in await conn.fetch(_ON_DESK, actor)]
