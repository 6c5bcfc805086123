"""Incidents as rows: read and written in the transaction that judges a site, so that two judges of one site never meet."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec

from registry.kernel.db import Connection, Database, Record
from registry.kernel.ids import new_public_id
from verifier.judge.finding import Finding, Severity
from verifier.judge.incident import IncidentAct, IncidentState, next_state
from verifier.judge.quorum import Report

MOST_REPORTS = 60  # of one incident: the newest of all places
ID_BITS = 60

_COLUMNS = """
    i.id, i.watch_no, i.rule, i.severity, i.state, i.opened_at, i.confirmed_at, i.acknowledged_at, i.acknowledged_by, i.closed_at,
    i.reports, i.finding, i.before, i.after, i.mark_act, i.told, i.platform, i.note"""
_OPEN_OF = f"""
select {_COLUMNS} from verifier.incident i
where watch_no = $1 and state in ('suspected', 'confirmed', 'acknowledged') order by rule for update"""
_FIND = f"select {_COLUMNS} from verifier.incident i where id = $1"
_OF_SITE = f"select {_COLUMNS} from verifier.incident i where watch_no = $1 and state <> 'dismissed' order by opened_at desc limit $2"
_WRITE = """
insert into verifier.incident (id, watch_no, rule, severity, side, state, opened_at, confirmed_at, closed_at, reports, finding, before, after)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
on conflict (id) do update set state = excluded.state, severity = excluded.severity, confirmed_at = excluded.confirmed_at,
    closed_at = excluded.closed_at, reports = excluded.reports, finding = excluded.finding, before = excluded.before, after = excluded.after"""
_SETTLE = """
update verifier.incident set state = $2, note = $3, acknowledged_by = case when $2 = 'acknowledged' then $4 else acknowledged_by end,
    acknowledged_at = case when $2 = 'acknowledged' then $5 else acknowledged_at end,
    closed_at = case when $2 in ('closed', 'dismissed') then $5 else closed_at end
where id = $1"""


@dataclass(frozen=True, slots=True)
class Incident:
    """One rule broken at one site, from the first look that found it."""

    id: str
    watch_no: int
    rule: str
    severity: Severity
    state: IncidentState
    opened_at: datetime
    finding: Finding
    confirmed_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""
    closed_at: datetime | None = None
    reports: tuple[Report, ...] = ()
    before: str = ""
    after: str = ""
    mark_act: str = ""
    told: int = 0
    platform: str = ""
    note: str = ""


def opened(watch_no: int, finding: Finding, now: datetime) -> Incident:
    """A new suspicion."""
    return Incident(
        new_public_id(ID_BITS), watch_no, finding.rule, finding.severity, IncidentState.SUSPECTED, now, finding
    )


def with_reports(one: Incident, reports: Sequence[Report]) -> Incident:
    """With the looks that came, each place and instant once."""
    known = {(report.vantage, report.at) for report in one.reports}
    new = [report for report in reports if (report.vantage, report.at) not in known]
    return replace(one, reports=tuple(sorted((*one.reports, *new), key=lambda each: each.at)[-MOST_REPORTS:]))


async def open_of(conn: "Connection[Record]", watch_no: int) -> dict[str, Incident]:
    """The open incidents of a site, by rule, locked."""
    return {row["rule"]: _incident(row) for row in await conn.fetch(_OPEN_OF, watch_no)}


async def find(db: "Database | Connection[Record]", incident: str) -> Incident | None:
    """One incident."""
    row = await db.fetchrow(_FIND, incident)
    return _incident(row) if row else None


async def of_site(db: "Database | Connection[Record]", watch_no: int, most: int = 50) -> list[Incident]:
    """The incidents of a site, the newest first."""
    return [_incident(row) for row in await db.fetch(_OF_SITE, watch_no, most)]


async def write(conn: "Connection[Record]", one: Incident) -> None:
    """Write a new or changed incident."""
    reports = [[each.vantage, each.at.isoformat(), each.found] for each in one.reports]
    await conn.execute(
        _WRITE, one.id, one.watch_no, one.rule, one.severity, one.finding.side, one.state, one.opened_at, one.confirmed_at,
        one.closed_at, reports, msgspec.to_builtins(one.finding), one.before, one.after,
    )  # fmt: skip


async def settle(
    db: Database, incident: str, act: IncidentAct, person: str, note: str, now: datetime
) -> Incident | None:
    """What a person decides; ``STATUS_FORBIDS`` when the table has no such step, ``None`` when there is no such incident."""

    async def work(conn: "Connection[Record]") -> Incident | None:
        row = await conn.fetchrow(f"{_FIND} for update", incident)
        if row is None:
            return None
        state = next_state(IncidentState(row["state"]), act)
        await conn.execute(_SETTLE, incident, state, note, person, now)
        return await find(conn, incident)

    return await db.run(work)


def _incident(row: Record) -> Incident:
    values: dict[str, Any] = dict(row)
    values["reports"] = tuple(
        Report(place, datetime.fromisoformat(at), found) for place, at, found in values["reports"]
    )
    values["finding"] = msgspec.convert(values["finding"], Finding)
    values["severity"], values["state"] = Severity(values["severity"]), IncidentState(values["state"])
    return Incident(**values)
