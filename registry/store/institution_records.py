"""What the register of institutions keeps beside the bodies: certificates, liquidations, and terms that were seen to pass."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from registry.kernel.db import Connection, Record

_CERTIFICATE = "number, uscc, act_id, facts, issued_on, valid_until, state, ended_on"
_LIQUIDATION = """
insert into institution_liquidation (uscc, started_on, ended_on, due_on, noted_at, noted_by) values ($1, $2, $3, $4, $5, $6)
on conflict (uscc) do update set started_on = excluded.started_on, ended_on = excluded.ended_on, due_on = excluded.due_on,
    noted_at = excluded.noted_at, noted_by = excluded.noted_by"""
_ALARM = "insert into institution_alarm (kind, subject, due_on, seen_at) values ($1, $2, $3, $4) on conflict do nothing"

# What is due to be told. Each leaves out what was told before, so that a run that was missed is made up and none tells twice.
_UNTOLD = "not exists (select from institution_alarm a where a.kind = $2 and a.subject = {})"
_ACTS_DUE = f"""
select id as subject, due_on from institution_act i
where stage = any ($3) and due_on < $1 and {_UNTOLD.format("i.id || ':' || i.due_on")} order by due_on limit $4"""
_LIQUIDATIONS_DUE = f"""
select l.uscc as subject, l.due_on from institution_liquidation l join body b using (uscc)
where l.due_on < $1 and b.status in ('normal', 'renamed', 'suspended')
  and not exists (select from institution_act i where i.uscc = l.uscc and i.kind = 'cancel'
                  and i.stage in ('filed', 'returned', 'accepted', 'endorsed', 'objected', 'registered'))
  and {_UNTOLD.format("l.uscc || ':' || l.due_on")} order by l.due_on limit $3"""
_CERTIFICATES_ENDING = f"""
select c.uscc as subject, c.valid_until as due_on from institution_certificate c
where c.state = 'valid' and c.valid_until < $1 and {_UNTOLD.format("c.uscc || ':' || c.valid_until")} order by c.valid_until limit $3"""
# Institutions of which this register keeps reports: those that hold a certificate of it, or whose last report is on file.
_REPORTS_MISSING = f"""
select b.uscc as subject, $1::date as due_on from body b
where b.kind = '12' and (b.status = 'normal' or b.status = 'renamed' and b.successor_uscc = '')
  and coalesce(b.annual_report_year, 0) < $4::int
  and (b.annual_report_year is not null
       or (select min(extract(year from c.issued_on)) from institution_certificate c where c.uscc = b.uscc) <= $4::int)
  and coalesce(extract(year from b.established_on), 0) <= $4::int
  and not exists (select from institution_act i where i.uscc = b.uscc and i.kind = 'report' and i.year = $4::int
                  and i.stage in ('filed', 'registered'))
  and {_UNTOLD.format("b.uscc || ':' || $4::int")} order by b.uscc limit $3"""


@dataclass(frozen=True, slots=True)
class Certificate:
    """《事业单位法人证书》: ``facts`` are the registered items that stand on it; ``state`` valid, replaced or surrendered."""

    number: str
    uscc: str
    act_id: str
    facts: Mapping[str, str]
    issued_on: date
    valid_until: date
    state: str = "valid"
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Liquidation:
    """``due_on`` is the last day to apply for the cancellation, once it ended."""

    uscc: str
    started_on: date
    ended_on: date | None
    due_on: date | None
    noted_at: datetime
    noted_by: str


@dataclass(frozen=True, slots=True)
class Due:
    """A term that passed or comes near: ``subject`` the act or the body."""

    subject: str
    due_on: date


async def new_number(conn: "Connection[Record]", region: str) -> str:
    """The next number of a certificate: six digits of region, eight that are never given twice."""
    serial: int = await conn.fetchval("select nextval('institution_certificate_serial')")
    return f"{region}{serial:08d}"


async def issue(conn: "Connection[Record]", one: Certificate) -> None:
    """A certificate that takes the place of the one before."""
    await end(conn, one.uscc, "replaced", one.issued_on)
    await conn.execute(
        "insert into institution_certificate (number, uscc, act_id, facts, issued_on, valid_until) values ($1, $2, $3, $4, $5, $6)",
        one.number, one.uscc, one.act_id, dict(one.facts), one.issued_on, one.valid_until,
    )  # fmt: skip


async def end(conn: "Connection[Record]", uscc: str, state: str, day: date) -> None:
    """The certificate that is good is good no more."""
    await conn.execute(
        "update institution_certificate set state = $2, ended_on = $3 where uscc = $1 and state = 'valid'",
        uscc,
        state,
        day,
    )


async def certificates(conn: "Connection[Record]", uscc: str) -> list[Certificate]:
    """All of a body, the newest first."""
    sql = f"select {_CERTIFICATE} from institution_certificate where uscc = $1 order by issued_on desc, number desc"
    return [Certificate(*row) for row in await conn.fetch(sql, uscc)]


async def certified_since(conn: "Connection[Record]", uscc: str) -> date | None:
    """The day of the body's first certificate of this register, or None."""
    found: date | None = await conn.fetchval("select min(issued_on) from institution_certificate where uscc = $1", uscc)
    return found


async def note_liquidation(conn: "Connection[Record]", one: Liquidation) -> None:
    """Write it over what was noted before."""
    await conn.execute(
        _LIQUIDATION, one.uscc, one.started_on, one.ended_on, one.due_on, one.noted_at, one.noted_by
    )  # fmt: skip


async def liquidation_of(conn: "Connection[Record]", uscc: str) -> Liquidation | None:
    """The liquidation of a body, or None."""
    sql = "select uscc, started_on, ended_on, due_on, noted_at, noted_by from institution_liquidation where uscc = $1"
    row = await conn.fetchrow(sql, uscc)
    return Liquidation(*row) if row else None


async def acts_due(conn: "Connection[Record]", kind: str, before: date, stages: Sequence[str], limit: int) -> list[Due]:
    """Acts in these stages whose term ends before that day and that were not told of under this kind of alarm."""
    return _dues(await conn.fetch(_ACTS_DUE, before, kind, list(stages), limit))


async def liquidations_due(conn: "Connection[Record]", kind: str, before: date, limit: int) -> list[Due]:
    """Bodies whose liquidation ended and that did not apply for their cancellation in time."""
    return _dues(await conn.fetch(_LIQUIDATIONS_DUE, before, kind, limit))


async def certificates_ending(conn: "Connection[Record]", kind: str, before: date, limit: int) -> list[Due]:
    """Certificates that are good until a day before that one."""
    return _dues(await conn.fetch(_CERTIFICATES_ENDING, before, kind, limit))


async def reports_missing(conn: "Connection[Record]", kind: str, due_on: date, year: int, limit: int) -> list[Due]:
    """Institutions whose report of the year did not come."""
    return _dues(await conn.fetch(_REPORTS_MISSING, due_on, kind, limit, year))


async def note_alarm(conn: "Connection[Record]", kind: str, subject: str, due_on: date, now: datetime) -> bool:
    """Note that it is told; False when it was told before."""
    return bool(await conn.execute(_ALARM, kind, subject, due_on, now) == "INSERT 0 1")


def _dues(rows: Sequence[Record]) -> list[Due]:
    return [Due(row["subject"], row["due_on"]) for row in rows]
