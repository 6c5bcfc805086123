"""One machine of the watch: a worker, its tools, the stage, and the loops of upkeep."""

import os
import socket
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from registry.kernel.errors import Refusal
from registry.kernel.log import get_logger
from registry.kernel.service import Parts
from verifier.checks.asking import Asker
from verifier.checks.rendering import find_renderer
from verifier.checks.visit import Tools
from verifier.fetch.fetcher import Fetcher
from verifier.fetch.reach import Reach
from verifier.fetch.turns import LocalTurns
from verifier.monitor.examine import SiteExaminer
from verifier.monitor.judging import Judging
from verifier.monitor.leases import Place
from verifier.monitor.records.bodies import Bodies
from verifier.monitor.records.visits import make_parts
from verifier.monitor.rounds import ROUNDS
from verifier.monitor.selftest import put_up
from verifier.monitor.stage import Stage, StageAsker, StageResolver
from verifier.monitor.upkeep import UPKEEP, Act, Desk
from verifier.monitor.worker import Worker

BEAT = timedelta(seconds=15)  # between two signs of life of a worker

_BEAT = """
insert into verifier.worker (name, vantage, rounds, started_at, seen_at, looks, blind) values ($1, $2, $3, $4, $4, $5, $6)
on conflict (name) do update set seen_at = excluded.seen_at, looks = excluded.looks, blind = excluded.blind, rounds = excluded.rounds"""


@dataclass(slots=True)
class Fleet:
    """What runs on one machine."""

    parts: Parts
    worker: Worker
    desk: Desk
    stage: Stage | None

    def loops(self) -> list[Coroutine[None, None, None]]:
        """Looking, beating, and everything beside."""
        return [self.worker.run(), self._beat(), *(self._upkeep(act) for act in UPKEEP)]

    async def close(self) -> None:
        """Let go of connections, the browser and the stage."""
        await self.worker.examiner.close()
        if self.stage is not None:
            await self.stage.close()

    async def _beat(self) -> None:
        while True:
            worker = self.worker
            try:
                await self.parts.db.execute(
                    _BEAT, worker.place.worker, worker.place.vantage, [each.id for each in worker.rounds],
                    self.parts.clock.now(), worker.looks, worker.sight.blind,
                )  # fmt: skip
            except Refusal as refusal:
                get_logger().warning("no sign of life", reason=refusal.reason)
            await self.parts.clock.sleep(BEAT.total_seconds())

    async def _upkeep(self, act: Act) -> None:
        while True:
            try:
                await act.run(self.desk)
            except Refusal as refusal:
                get_logger().warning("upkeep waits", act=act.name, reason=refusal.reason)
            await self.parts.clock.sleep(act.every.total_seconds())


async def build_fleet(parts: Parts) -> Fleet:
    """Tools, stage, worker and desk by the configuration; the canaries are put up."""
    config, clock, db = parts.config, parts.clock, parts.db
    bodies = Bodies(config.data / "evidence")
    monitor = config.monitor
    stage = await _stage(parts) if monitor.stage else None
    place = Place(monitor.vantage, f"{monitor.vantage}/{socket.gethostname()}/{os.getpid()}")
    examiner = SiteExaminer(_tools(parts), _staged(parts, stage) if stage else None)
    judging = Judging(db, monitor.places, config.public_url)
    rounds = tuple(each for each in ROUNDS if not monitor.rounds or each.id in monitor.rounds)
    worker = Worker(db, clock, place, examiner, bodies, judging, rounds)
    async with db.transaction() as conn:
        await make_parts(conn, clock.now())
        if stage is not None:
            await put_up(conn, stage, monitor.places, clock.now(), tuple(stage.scenes.values()))
    return Fleet(parts, worker, Desk(db, clock, bodies, monitor.vantage, monitor.places), stage)


async def _stage(parts: Parts) -> Stage:
    stage = Stage(parts.config.data / "monitor", parts.clock)
    await stage.start()
    return stage


def _tools(parts: Parts) -> Tools:
    reach = Reach()
    asker = Asker(reach, tuple(parts.config.monitor.resolvers))
    fetcher = Fetcher(parts.clock, asker, reach, LocalTurns(parts.clock), about=parts.config.public_url)
    return Tools(fetcher, asker, find_renderer(fetcher))


def _staged(parts: Parts, stage: Stage) -> Tools:
    reach = Reach(loopback=True)
    store: Path = stage.store
    fetcher = Fetcher(parts.clock, StageResolver(), reach, store=str(store))
    return Tools(fetcher, StageAsker(reach))
