"""The weekly letter: on Monday morning every body reads how its sites did, and what to see to first."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from registry.kernel.clock import BEIJING
from registry.kernel.db import Connection, Database, Record
from registry.kernel.names import to_u
from verifier.alerts.timing import WEEKLY_DAY, letter_of
from verifier.alerts.words import Week, of_week
from verifier.monitor.records.visits import day_of

FIRST = 3  # things to see to first; a longer list is read by nobody
MOST = 20_000  # letters written at once

_WEEKS = """
select s.uscc, s.name as site, w.host, w.site_id, j.score, j.vetoes, j.findings,
       coalesce(sum(d.visits) filter (where d.day > $1), 0) as visits, coalesce(sum(d.failed) filter (where d.day > $1), 0) as failed,
       (array_agg(d.score order by d.day desc) filter (where d.day <= $1 and d.score is not null))[1] as before,
       (select count(*) from verifier.incident i where i.watch_no = w.no and i.state in ('confirmed', 'acknowledged')) as open
from verifier.watch w join verifier.site s on s.id = w.site_id left join verifier.judged j on j.watch_no = w.no
left join verifier.day d on d.watch_no = w.no and d.day > $2 and d.day <= $3
where w.until is null
  and not exists (select from verifier.alert a where a.once = $4 || s.uscc)
group by s.uscc, s.name, w.no, w.host, w.site_id, j.watch_no order by s.uscc, w.no limit $5"""
_ADD = """
insert into verifier.alert (at, due_at, kind, severity, audience, uscc, subject_zh, subject_en, text_zh, text_en, link, payload, once)
values ($1, $1, 'watch.weekly', 'P4', 'body', $2, $3, $4, $5, $6, $7, $8, $9) on conflict (once) do nothing"""


async def write_weekly(db: Database, now: datetime) -> int:
    """Write the letters of this week if their hour has struck; how many."""
    if now.astimezone(BEIJING).weekday() != WEEKLY_DAY or letter_of(now) is None:
        return 0
    return await db.run(lambda conn: _write(conn, now))


async def _write(conn: "Connection[Record]", now: datetime) -> int:
    last = day_of(now) - timedelta(days=1)
    key = f"watch:weekly:{day_of(now).isoformat()}:"
    rows = await conn.fetch(_WEEKS, last - timedelta(days=7), last - timedelta(days=14), last, key, MOST)
    by_body: defaultdict[str, list[Record]] = defaultdict(list)
    for row in rows:
        by_body[row["uscc"]].append(row)
    for uscc, members in by_body.items():
        subject, text = of_week([_week(row) for row in members])
        payload = {"sites": [row["host"] for row in members], "scores": [row["score"] for row in members]}
        link = f"/verify?u={members[0]['host']}"
        await conn.execute(_ADD, now, uscc, subject.zh, subject.en, text.zh, text.en, link, payload, key + uscc)
    return len(by_body)


def _week(row: Record) -> Week:
    return Week(
        row["site"], to_u(row["host"]), row["score"], row["before"], row["visits"], row["failed"], len(row["vetoes"] or ()),
        row["open"], _first(row["findings"] or []),
    )  # fmt: skip


def _first(findings: list[dict[str, Any]]) -> tuple[tuple[str, str], ...]:
    """The findings that weigh most, each rule once, with what to do."""
    ordered = sorted(findings, key=lambda one: (one["severity"], -one["deduction"]))
    found = {one["rule"]: (one["advice_zh"] or one["zh"], one["advice_en"] or one["en"]) for one in reversed(ordered)}
    rules = list(dict.fromkeys(one["rule"] for one in ordered))
    return tuple(found[rule] for rule in rules[:FIRST])
