"""Writes what the watch has to say: to the body, the reviewers of its level and place, the operator, and the registrar of its name.

The verifier must not write notices: they are the registry's. It writes rows of its own (``verifier.alert``), which the registry's job reads
through the published window and turns into notices with inbox, e-mail and webhook. Every row has a key of its own, so telling twice is impossible,
and whoever crashes in between goes on where he was.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from registry.kernel.db import Connection, Database, Record
from registry.kernel.errors import Text
from registry.kernel.names import to_u
from verifier.alerts.timing import Quiet, due_at, letter_of, steps_due
from verifier.alerts.words import Told, of_digest, of_incident, of_recovery
from verifier.judge.finding import Finding, Severity
from verifier.judge.incident import SHARED

SETTLE = timedelta(seconds=20)  # so that sites of one platform gather
TOGETHER = timedelta(minutes=10)
MOST = 500

_DUE = """
select i.id, i.watch_no, i.severity, i.rule, i.finding, i.confirmed_at, i.closed_at, i.state, i.mark_act, i.told, w.host, w.platform, w.site_id,
       coalesce(s.uscc, '') as uscc, coalesce(s.name, w.site_id) as site, coalesce(b.level, '') as level, coalesce(b.region, '') as region,
       coalesce(d.registrar_id, '') as registrar, a.quiet_from, a.quiet_until, a.digest
from verifier.incident i join verifier.watch w on w.no = i.watch_no left join verifier.site s on s.id = w.site_id
left join published.body b on b.uscc = s.uscc
left join published.bundle_name n on n.name = substring(w.host from '[^.]+[.][^.]+$') left join published.domain d on d.roid = n.domain_roid
left join verifier.alert_setting a on a.uscc = s.uscc
where w.site_id not like 'canary:%' and """
_CONFIRMED = f"{_DUE} i.state = 'confirmed' and i.confirmed_at <= $1 and i.told < 3 order by i.confirmed_at limit $2"
_OVER = f"{_DUE} i.state = 'closed' and i.told between 1 and 9 and i.closed_at <= $1 order by i.closed_at limit $2"
_TOLD = "update verifier.incident set told = $2 where id = any($1::text[])"
_ADD = """
insert into verifier.alert (at, due_at, kind, severity, audience, uscc, level, region, registrar, subject_zh, subject_en, text_zh, text_en, link,
    payload, once)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) on conflict (once) do nothing"""
RECOVERED = 10  # in "told": people were told that it is over


async def tell_all(db: Database, now: datetime) -> int:
    """Write the alerts that are due; how many incidents they are about."""
    return await db.run(lambda conn: _tell(conn, now))


async def _tell(conn: "Connection[Record]", now: datetime) -> int:
    await conn.execute("select pg_advisory_xact_lock(hashtextextended('verifier.telling', 0))")
    rows = [row for row in await conn.fetch(_CONFIRMED, now - SETTLE, MOST) if _step(row, now) > row["told"]]
    shared, alone = _gathered(rows)
    for (platform, rule), members in shared.items():
        await _tell_shared(conn, platform, rule, members, now)
    digest: defaultdict[str, list[Record]] = defaultdict(list)
    for row in alone:
        if row["severity"] == Severity.P3 and row["uscc"] and row["digest"] is not False:
            digest[row["uscc"]].append(row)
        else:
            await _tell_one(conn, row, now)
    letter = letter_of(now)
    for uscc, members in digest.items():
        if letter is not None:
            await _tell_digest(conn, uscc, members, now)
    over = await conn.fetch(_OVER, now, MOST)
    for row in over:
        await _tell_over(conn, row, now)
    return len(rows) + len(over)


def _step(row: Record, now: datetime) -> int:
    return steps_due(Severity(row["severity"]), row["confirmed_at"], now)


def _gathered(rows: Iterable[Record]) -> tuple[dict[tuple[str, str], list[Record]], list[Record]]:
    groups: defaultdict[tuple[str, str], list[Record]] = defaultdict(list)
    alone = []
    for row in rows:
        if row["platform"]:
            groups[row["platform"], row["rule"]].append(row)
        else:
            alone.append(row)
    shared = {key: members for key, members in groups.items() if len(members) >= SHARED}
    return shared, [*alone, *(row for key, members in groups.items() if key not in shared for row in members)]


def _told(row: Record, now: datetime, sites: int = 1) -> Told:
    return Told(
        row["id"], row["site"], to_u(row["host"]), Severity(row["severity"]), msgspec.convert(row["finding"], Finding),
        row["confirmed_at"], row["mark_act"], _step(row, now), sites,
    )  # fmt: skip


def audiences(severity: Severity, step: int) -> tuple[str, ...]:
    """Who hears of it: P3 the body alone; from P2 its reviewers; P1, and whatever nobody takes in hand, the operator and the registrar too."""
    if severity is Severity.P1:
        return ("body", "reviewers", "operator", "registrar")
    if severity is Severity.P2:
        return ("body", "reviewers") if step == 1 else ("body", "reviewers", "operator")
    return ("body",)


async def _tell_one(conn: "Connection[Record]", row: Record, now: datetime) -> None:
    told = _told(row, now)
    subject, text = of_incident(told)
    for audience in audiences(told.severity, told.step):
        await _add(
            conn, row, audience, "watch.incident", subject, text, now, f"watch:{row['id']}:{told.step}:{audience}"
        )
    await conn.execute(_TOLD, [row["id"]], told.step)


async def _tell_shared(
    conn: "Connection[Record]", platform: str, rule: str, members: Sequence[Record], now: datetime
) -> None:
    """One incident of a platform: one letter to the operator and to the reviewers of the first site, not a thousand."""
    first = members[0]
    told = _told(first, now, len(members))
    subject, text = of_incident(told)
    subject = Text(
        f"【平台】{platform}：{len(members)} 个网站：{told.finding.zh}"[:200],
        f"Platform {platform}: {len(members)} sites: {told.finding.en}"[:200],
    )
    for audience in ("operator", "reviewers"):
        await _add(
            conn,
            first,
            audience,
            "watch.platform",
            subject,
            text,
            now,
            f"watch:{platform}:{rule}:{first['id']}:{told.step}:{audience}",
        )
    await conn.execute(_TOLD, [row["id"] for row in members], told.step)


async def _tell_digest(conn: "Connection[Record]", uscc: str, members: Sequence[Record], now: datetime) -> None:
    subject, text = of_digest([_told(row, now) for row in members])
    await _add(conn, members[0], "body", "watch.digest", subject, text, now, f"watch:digest:{uscc}:{members[0]['id']}")
    await conn.execute(_TOLD, [row["id"] for row in members], 1)


async def _tell_over(conn: "Connection[Record]", row: Record, now: datetime) -> None:
    told = _told(row, now)
    subject, text = of_recovery(told, row["closed_at"])
    for audience in audiences(told.severity, 1):
        await _add(
            conn,
            row,
            audience,
            "watch.recovered",
            subject,
            text,
            now,
            f"watch:{row['id']}:over:{audience}",
            Severity.P3,
        )
    await conn.execute(_TOLD, [row["id"]], RECOVERED)


async def _add(
    conn: "Connection[Record]", row: Record, audience: str, kind: str, subject: Text, text: Text, now: datetime, once: str,
    severity: Severity | None = None,
) -> None:  # fmt: skip
    if (audience == "body" and not row["uscc"]) or (audience == "registrar" and not row["registrar"]):
        return
    weight = severity or Severity(row["severity"])
    payload: dict[str, Any] = {
        "incident": row["id"],
        "rule": row["rule"],
        "host": row["host"],
        "state": row["state"],
        "mark": row["mark_act"],
    }
    await conn.execute(
        _ADD, now, due_at(weight, now, _quiet(row, audience)), kind, weight, audience, row["uscc"], row["level"], row["region"],
        row["registrar"], subject.zh, subject.en, text.zh, text.en, f"/verify?u={row['host']}", payload, once,
    )  # fmt: skip


def _quiet(row: Record, audience: str) -> Quiet:
    if audience != "body":
        return Quiet(0, 0)  # the duty desk is never quiet
    if row["quiet_from"] is None:
        return Quiet()
    return Quiet(row["quiet_from"], row["quiet_until"], row["digest"])
