"""What a confirmed incident does to the mark: suspended within the minute, but never a country's marks at once.

Trouble that several sites of one platform or address share has one cause, which may be our own: those marks wait for a person, and so do all when
more than :data:`verifier.judge.incident.MOST_AT_ONCE` would fall within ten minutes. Whoever waits is an urgent alert to the operator. A mark
comes back by a person's decision, never by itself: that a page looks right again does not tell who holds the server.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from registry.kernel import metrics
from registry.kernel.clock import Clock
from registry.kernel.db import Connection, Database, Record
from registry.kernel.errors import Reason, Refusal
from registry.kernel.log import get_logger
from verifier.judge.incident import MOST_AT_ONCE, Scope, Trouble, gather, limit_suspensions
from verifier.marks.change import change_mark
from verifier.marks.states import MarkAct

ACTOR = "service:monitor"
SETTLE = timedelta(seconds=20)  # so that a shared cause shows before the first mark falls
WINDOW = timedelta(minutes=10)

SUSPENDED = metrics.counter("monitor_marks_suspended_by_incident", "Marks suspended because of a confirmed incident")
HELD = metrics.counter(
    "monitor_marks_held", "Marks that a person must decide about, because too many would fall at once"
)

_LOCK = "select pg_advisory_xact_lock(hashtextextended('verifier.suspending', 0))"
_TROUBLES = """
select i.id, i.watch_no, i.rule, i.mark_act, w.site_id, w.platform, coalesce(t.address, '') as address
from verifier.incident i join verifier.watch w on w.no = i.watch_no left join verifier.watch_turn t on t.watch_no = w.no
where i.state in ('confirmed', 'acknowledged') and i.severity = 'P1' and i.side in ('identity', 'integrity')
  and w.site_id not like 'canary:%'
  and (i.mark_act = '' and i.confirmed_at <= $1 or i.confirmed_at > $2)
order by i.confirmed_at"""
_RECENT = """
select count(distinct watch_no) from verifier.incident where mark_act = 'suspended' and mark_act_at > $1"""
_ACT = "update verifier.incident set mark_act = $2, mark_act_at = $3 where id = any($1::text[]) and mark_act = ''"
_STANDING = """
select m.id, i.id as incident, i.finding ->> 'zh' as zh, i.finding ->> 'en' as en
from verifier.incident i join verifier.watch w on w.no = i.watch_no join verifier.mark m on m.site_id = w.site_id
where i.mark_act = 'suspended' and i.state in ('confirmed', 'acknowledged') and m.state = 'valid' and m.changed_at < i.mark_act_at
order by i.mark_act_at limit $1"""
MOST_A_ROUND = 200


@dataclass(frozen=True, slots=True)
class Outcome:
    """Sites whose marks fell, and sites that wait for a person."""

    suspended: int
    held: int


async def suspend_confirmed(db: Database, clock: Clock, most: int = MOST_AT_ONCE) -> Outcome:
    """Decide about all incidents that were confirmed and not acted on, then suspend. Safe to repeat after any crash."""
    now = clock.now()
    outcome = await db.run(lambda conn: _decide(conn, now, most))
    SUSPENDED.inc(outcome.suspended)
    HELD.inc(outcome.held)
    for row in await db.fetch(_STANDING, MOST_A_ROUND):
        reason = f"监测确认：{row['zh']}（事件 {row['incident']}）/ confirmed by the watch: {row['en']}"
        try:
            await change_mark(db, row["id"], MarkAct.SUSPEND, reason, ACTOR, clock)
        except Refusal as refusal:  # a person was quicker
            if refusal.reason is not Reason.STATUS_FORBIDS:
                raise
    return outcome


async def _decide(conn: "Connection[Record]", now: datetime, most: int) -> Outcome:
    await conn.execute(_LOCK)
    rows = await conn.fetch(_TROUBLES, now - SETTLE, now - WINDOW)
    waiting = [row for row in rows if row["mark_act"] == ""]
    if not waiting:
        return Outcome(0, 0)
    scopes = gather(Trouble(row["site_id"], row["rule"], row["platform"], row["address"]) for row in rows)
    recent = int(await conn.fetchval(_RECENT, now - WINDOW))
    chosen = limit_suspensions(_only(scopes, {row["site_id"] for row in waiting}), recent, most)
    falls = [row["id"] for row in waiting if row["site_id"] in chosen.now]
    held = [row["id"] for row in waiting if row["site_id"] not in chosen.now]
    await conn.execute(_ACT, falls, "suspended", now)
    await conn.execute(_ACT, held, "held", now)
    if held:
        get_logger().error("marks are held for a person", incidents=len(held), recent=recent)
    return Outcome(len(set(chosen.now)), len(set(chosen.held)))


def _only(scopes: Sequence[Scope], sites: set[str]) -> list[Scope]:
    """The scopes without the sites that were decided about before."""
    kept = (
        Scope(scope.kind, scope.name, scope.rule, tuple(site for site in scope.sites if site in sites))
        for scope in scopes
    )
    return [scope for scope in kept if scope.sites]
