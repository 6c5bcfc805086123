"""A watch in simulated time: real checks against a real stage on the loopback, several places, one database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from registry.kernel.config import Config
from registry.kernel.db import Database
from registry.kernel.names import to_a
from tests.kit.clock import FakeClock
from tests.verifier import world
from verifier.checks.visit import Tools
from verifier.fetch.fetcher import Fetcher, Resolved
from verifier.fetch.reach import Reach
from verifier.marks.issue import MarkOrder, issue_mark
from verifier.monitor.enrol import enrol
from verifier.monitor.examine import SiteExaminer
from verifier.monitor.judging import Judging
from verifier.monitor.leases import Place
from verifier.monitor.look import Examiner, Look, Order
from verifier.monitor.records.bodies import Bodies
from verifier.monitor.records.visits import make_parts
from verifier.monitor.rounds import BY_ID
from verifier.monitor.stage import HOME, Play, Scene, Stage, StageAsker
from verifier.monitor.upkeep import Desk
from verifier.monitor.worker import Worker

PLACES = ("beijing", "shanghai", "abroad")
STEP = timedelta(seconds=15)
PULSE, HOURLY = BY_ID["pulse"], BY_ID["hourly"]


class Here:
    """A resolver for which every name is this machine."""

    async def resolve(self, host: str) -> Resolved:
        assert host
        return Resolved(v4=(HOME,))


class NoRecords:
    """A resolver that finds nothing; the marks here are attested."""

    async def txt(self, name: str) -> list[str]:
        assert name
        return []


@dataclass
class Puppet:
    """An examiner whose sites do what the test says; everything else is the real watch."""

    down: set[int] = field(default_factory=set)
    blocked: set[int] = field(default_factory=set)
    cut: bool = False  # the network of the place itself
    looks: list[tuple[str, int, datetime]] = field(default_factory=list)

    async def look(self, order: Order) -> Look:
        no = order.taken.watch_no
        self.looks.append((order.vantage, no, order.at))
        if self.cut or no in self.down:
            return Look(opened=False, why="timeout", ms=15_000)
        if no in self.blocked:
            return Look(opened=False, blocked=True, why="403", ms=80)
        return Look(opened=True, ms=120, address="198.18.0.1")

    async def close(self) -> None:
        return


@dataclass
class Tower:
    """Workers at several places, and the desk of upkeep."""

    db: Database
    clock: FakeClock
    desk: Desk
    workers: list[Worker]

    async def turn(self, *rounds: str) -> int:
        """Every worker makes everything that is due now; how many looks were counted."""
        count = 0
        for worker in self.workers:
            for each in rounds or ("pulse", "hourly"):
                while made := await worker.once(BY_ID[each]):
                    count += made
        return count

    async def live(self, length: timedelta, *rounds: str, step: timedelta = STEP) -> None:
        """Let time pass."""
        end = self.clock.now() + length
        while self.clock.now() < end:
            await self.turn(*rounds)
            await self.clock.move(seconds=step.total_seconds())


async def tower_of(
    db: Database, clock: FakeClock, folder: Path, examiner: Examiner, places: tuple[str, ...] = PLACES
) -> Tower:
    """A tower over whatever is enrolled."""
    bodies = Bodies(folder / "evidence")
    async with db.transaction() as conn:
        await make_parts(conn, clock.now(), days=10)
        await enrol(conn, places, clock.now())
    judging = Judging(db, places)
    workers = [Worker(db, clock, Place(place, f"{place}-1"), examiner, bodies, judging) for place in places]
    return Tower(db, clock, Desk(db, clock, bodies, places[0], places), workers)


async def put_sites(db: Database, count: int, now: datetime) -> None:
    """Sites without marks, for what is not about marks."""
    await db.execute(
        """insert into verifier.site (id, uscc, name, origin, purpose, created_at)
           select 'site-' || n, '', '站 ' || n, 'https://h' || n || '.invalid', '', $2 from generate_series(1, $1) n""",
        count, now,
    )  # fmt: skip
    await db.execute(
        """insert into verifier.watch (site_id, origin, host, since)
           select 'site-' || n, 'https://h' || n || '.invalid', 'h' || n || '.invalid', $2 from generate_series(1, $1) n""",
        count, now,
    )  # fmt: skip
    await db.execute("insert into verifier.watch_turn (watch_no) select no from verifier.watch")


async def plan_pulses(db: Database, now: datetime, places: tuple[str, ...] = PLACES) -> None:
    """A pulse for every site at every place, all due now."""
    await db.execute(
        """insert into verifier.lease (vantage, round, watch_no, due_at, planned_at)
           select p, 'pulse', no, $1, $1 from verifier.watch, unnest($2::text[]) p""",
        now, list(places),
    )  # fmt: skip


@asynccontextmanager
async def staged(
    db: Database, clock: FakeClock, config: Config, folder: Path, bodies: tuple[world.Body, ...] = (world.TSINGHUA,)
) -> AsyncIterator[tuple[Tower, Stage, list[str]]]:
    """Marked sites played on the stage, watched from three places; and the numbers of their marks."""
    await world.fill(db)
    marks = []
    for body in bodies:
        order = MarkOrder(body.uscc, f"https://{body.holds}/", attested="演示")
        marks.append((await issue_mark(db, order, clock, config, NoRecords())).id)
    hosts = [to_a(body.holds) for body in bodies]
    scenes = tuple(Scene(host, Play.GOOD, body.name) for host, body in zip(hosts, bodies, strict=True))
    stage = Stage(folder / "stage", clock, scenes)
    await stage.start()
    reach = Reach(loopback=True)
    fetcher = Fetcher(clock, Here(), reach, store=str(stage.store))
    tower = await tower_of(db, clock, folder, SiteExaminer(Tools(fetcher, StageAsker(reach))))
    for host in hosts:
        await db.execute(
            "update verifier.watch set origin = $2 where host = $1",
            host,
            stage.origin(host),
        )
    try:
        yield tower, stage, marks
    finally:
        await fetcher.close()
        await stage.close()
