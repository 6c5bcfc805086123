"""Does the watch see what it must see, and nothing else? Its own miss is an alarm.

Every canary is looked at like any site. An hour after it was put up the loud incidents that are open on it must be exactly those that it was made
for. What differs is told to the operator as P1, once a day and canary, because a watch that sees nothing reports that all is well.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from registry.kernel import metrics
from registry.kernel.db import Connection, Database, Record
from registry.kernel.log import get_logger
from verifier.monitor.enrol import plan
from verifier.monitor.examine import CANARY
from verifier.monitor.records.visits import day_of
from verifier.monitor.stage import EXPECTED, Scene, Stage

GRACE = timedelta(minutes=15)  # for two rounds at every place
STALE = timedelta(minutes=20)  # a pulse comes every five minutes; four that are missing are a watch that stands still

MISSES = metrics.counter("monitor_selftest_misses", "Canaries that were judged otherwise than they are", "canary")

_PUT_UP = """
insert into verifier.watch (site_id, origin, host, expected, since) values ($1, $2, $3, $4, $5)
on conflict (site_id) do update set origin = excluded.origin, expected = excluded.expected, until = null,
    since = case when verifier.watch.origin = excluded.origin then verifier.watch.since else excluded.since end
returning no"""
_TURN = "insert into verifier.watch_turn (watch_no) values ($1) on conflict do nothing"
_SEEN = """
select w.no, w.site_id, w.expected, w.since,
       coalesce((select max(f.at) from verifier.fact f where f.watch_no = w.no and f.check_id = 'availability'), w.since) as looked,
       array(select i.rule from verifier.incident i where i.watch_no = w.no and i.state in ('confirmed', 'acknowledged')
             and i.severity in ('P1', 'P2') order by i.rule) as found
from verifier.watch w where w.site_id like 'canary:%' and w.until is null order by w.site_id"""
_ALARM = """
insert into verifier.alert (at, due_at, kind, severity, audience, subject_zh, subject_en, text_zh, text_en, link, payload, once)
values ($1, $1, 'watch.selftest', 'P1', 'operator', $2, $3, $4, $5, '', $6, $7) on conflict (once) do nothing"""


_EXPLAIN = (
    "Do not rely on the watch until this is explained. "
    "What to do next: look at the facts of this canary and the versions of the rules."
)


@dataclass(frozen=True, slots=True)
class Miss:
    """A canary that was judged otherwise than it is. ``stale``: it was not looked at at all."""

    canary: str
    expected: tuple[str, ...]
    found: tuple[str, ...]
    stale: bool = False


async def put_up(
    conn: "Connection[Record]", stage: Stage, places: Sequence[str], now: datetime, scenes: Sequence[Scene]
) -> None:
    """Have the scenes watched like any site."""
    numbers = []
    for scene in scenes:
        expected = list(EXPECTED.get(scene.play, ()))
        no = await conn.fetchval(
            _PUT_UP, CANARY + scene.host.partition(".")[0], stage.origin(scene.host), scene.host, expected, now
        )
        await conn.execute(_TURN, no)
        numbers.append(no)
    await plan(conn, numbers, places, now)
    await conn.execute(
        "delete from verifier.lease where watch_no = any($1::integer[]) and round not in ('pulse', 'hourly')", numbers
    )


async def misses(db: "Database | Connection[Record]", now: datetime) -> list[Miss]:
    """Which canaries are judged otherwise than they are."""
    found = []
    for row in await db.fetch(_SEEN):
        if now - row["since"] < GRACE:
            continue
        is_stale = now - row["looked"] > STALE
        if is_stale or not _is_right(tuple(row["expected"]), tuple(row["found"])):
            name = row["site_id"].removeprefix(CANARY)
            found.append(Miss(name, tuple(row["expected"]), tuple(row["found"]), is_stale))
    return found


def _is_right(expected: tuple[str, ...], found: tuple[str, ...]) -> bool:
    """The bad must be found for what they are; the good must be left alone."""
    return set(expected) <= set(found) if expected else not found


async def alarm(db: Database, now: datetime) -> list[Miss]:
    """Look at the canaries and tell the operator what is amiss."""
    found = await misses(db, now)
    for miss in found:
        MISSES.labels(miss.canary).inc()
        get_logger().error(
            "the watch misjudges a canary",
            canary=miss.canary,
            expected=miss.expected,
            found=miss.found,
            stale=miss.stale,
        )
        zh, en = _words(miss)
        await db.execute(
            _ALARM, now, f"【紧急】监测系统自检失败：{miss.canary}", f"Urgent: the watch fails its self-test: {miss.canary}", zh, en,
            {"canary": miss.canary, "expected": miss.expected, "found": miss.found}, f"watch:selftest:{miss.canary}:{day_of(now)}",
        )  # fmt: skip
    return found


def _words(miss: Miss) -> tuple[str, str]:
    if miss.stale:
        return (
            "自检网站超过二十分钟没有被访问。下一步：检查监测服务和数据库是否运行。",
            "The canary was not looked at for twenty minutes. What to do next: see whether the monitor and the database run.",
        )
    expected, found = "、".join(miss.expected) or "无", "、".join(miss.found) or "无"
    return (
        f"应发现：{expected}；实际发现：{found}。监测结论在查明前不可全信。下一步：查看控制台中该站的事实记录和规则版本。",
        f"Expected: {', '.join(miss.expected) or 'nothing'}; found: {', '.join(miss.found) or 'nothing'}. {_EXPLAIN}",
    )
