"""What the watch forgets, and when: one table. Whole days are dropped with their partitions; what an incident rests on stays for ever."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from registry.kernel.db import Database
from registry.kernel.log import get_logger
from verifier.monitor.records.bodies import Bodies

MOST = 20_000  # rows removed at once


@dataclass(frozen=True, slots=True)
class Policy:
    """``kept`` counts from the end of what is kept."""

    name: str
    kept: timedelta


VISITS = Policy("visit", timedelta(days=40))  # the official week, looked at again after a month's complaint
HOURS = Policy("hour", timedelta(days=14))  # verifier.md 4.3
FACTS = Policy("fact_past", timedelta(days=400))  # a year's comparison
ALERTS = Policy("alert", timedelta(days=400))
BADGES = Policy("badge_load", timedelta(days=30))
TURNS = Policy("turn", timedelta(hours=1))

_PARTS = """
select c.relname as part from pg_inherits i join pg_class c on c.oid = i.inhrelid
where i.inhparent = ('verifier.' || $1)::regclass and c.relname < $1 || '_' || to_char($2::date, 'YYYYMMDD') order by 1"""
_ROWS = {
    FACTS: "delete from verifier.fact_past where ctid = any(array(select ctid from verifier.fact_past where until_at < $1 limit $2))",
    ALERTS: "delete from verifier.alert where ctid = any(array(select ctid from verifier.alert where due_at < $1 limit $2))",
    BADGES: "delete from verifier.badge_load where ctid = any(array(select ctid from verifier.badge_load where last_at < $1 limit $2))",
    TURNS: "delete from verifier.turn where ctid = any(array(select ctid from verifier.turn where until < $1 limit $2))",
}


async def forget(db: Database, bodies: Bodies, now: datetime) -> int:
    """Remove what is past its time; how many rows, partitions and bodies."""
    gone = 0
    for policy in (VISITS, HOURS):
        for row in await db.fetch(_PARTS, policy.name, (now - policy.kept).date()):
            await db.execute(f'drop table verifier."{row["part"]}"')
            gone += 1
    for policy, sql in _ROWS.items():
        answer = await db.execute(sql, now - policy.kept, MOST)
        gone += int(answer.rpartition(" ")[2])
    async with db.transaction() as conn:
        gone += await bodies.forget(conn, now)
    if gone:
        get_logger().info("the watch forgets", removed=gone)
    return gone
