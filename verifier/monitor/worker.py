"""A worker: takes looks that are due, makes them, and writes what came of them. Many run at once, anywhere; any may be killed at any moment.

Theory of operation. Each round has lanes; a lane takes a batch, makes its looks side by side and finishes them in one transaction: the lease, the
visit, the hour and the facts, for those looks that were still its own. Nothing is kept in the process that would be missed. After the commit the
sites whose facts changed are judged (``verifier.monitor.judging``), which is safe to do twice and is made up for by the next round if it is not done.

Until the wall clock and the steady clock agree about how long a batch took, nothing is concluded from it: after a jump the batch is handed back.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from registry.kernel import metrics
from registry.kernel.clock import Clock
from registry.kernel.db import Connection, Database, Record
from registry.kernel.errors import Refusal
from registry.kernel.log import get_logger
from verifier.monitor.judging import Judging
from verifier.monitor.leases import Done, Place, Taken, expedite, finish, take
from verifier.monitor.look import Examiner, Look, Order
from verifier.monitor.records.bodies import Bodies
from verifier.monitor.records.facts import write_facts
from verifier.monitor.records.visits import Visit, write_visits
from verifier.monitor.rounds import BY_ID, PULSE, ROUNDS, Round
from verifier.monitor.sight import Sight
from verifier.monitor.sites import load_sites
from verifier.monitor.timing import AGAIN, due_after_failure, due_after_waiting, next_due

IDLE_SECONDS = 1.0  # between two questions when nothing is due
DATABASE_SECONDS = 2.0  # between two tries while the database is away
JUMP = timedelta(seconds=30)  # by which the clocks may differ over one batch
COUNTS_AFTER = timedelta(minutes=10)  # verifier.judge.availability.APART
BLIND_AGAIN = timedelta(seconds=60)  # when a blind place tries again

LOOKS = metrics.counter("monitor_looks", "Looks made and counted", "round")
LATE = metrics.counter("monitor_looks_late", "Looks that came back after their lease had ended", "round")
BLIND = metrics.counter("monitor_looks_blind", "Looks that were not counted because the place saw nothing", "round")


@dataclass(slots=True)
class Worker:
    """One per process and place."""

    db: Database
    clock: Clock
    place: Place
    examiner: Examiner
    bodies: Bodies
    judging: Judging
    rounds: tuple[Round, ...] = ROUNDS
    sight: Sight = field(default_factory=Sight)
    looks: int = 0

    async def run(self) -> None:
        """Until cancelled. A database that is away is waited for; looks that were being made are then lost and come again."""
        async with asyncio.TaskGroup() as group:
            for each in self.rounds:
                for _ in range(each.lanes):
                    group.create_task(self._lane(each))

    async def _lane(self, each: Round) -> None:
        while True:
            try:
                made = await self.once(each)
                pause = 0.0 if made else IDLE_SECONDS
            except Refusal as refusal:
                get_logger().warning("the watch waits", worker=self.place.worker, reason=refusal.reason)
                pause = DATABASE_SECONDS
            await self.clock.sleep(pause)

    async def once(self, each: Round) -> int:
        """Take one batch and finish it; how many looks were counted."""
        wall, steady = self.clock.now(), self.clock.monotonic()
        taken = await self.db.run(lambda conn: take(conn, self.place, each, wall, each.batch))
        if not taken:
            return 0
        sites = await load_sites(self.db, [one.watch_no for one in taken])
        orders = [Order(sites[one.watch_no], each, one, self.place.vantage, wall) for one in taken]
        looks = await asyncio.gather(*(self.examiner.look(order) for order in orders))
        passed = timedelta(seconds=self.clock.monotonic() - steady)
        now = self.clock.now()
        if abs(now - wall - passed) > JUMP:
            get_logger().warning(
                "the clock jumped; a batch is handed back", seconds=(now - wall - passed).total_seconds()
            )
            return await self._hand_back(each, taken, now)
        for one, look in zip(taken, looks, strict=True):
            self.sight.note(wall, failed=not (look.opened or look.blocked), failed_before=one.failures > 0)
        if self.sight.blind:
            BLIND.labels(each.id).inc(len(taken))
            return await self._hand_back(each, taken, now + BLIND_AGAIN)
        return await self._keep(each, orders, looks, now)

    async def _hand_back(self, each: Round, taken: Sequence[Taken], due: datetime) -> int:
        done = [
            Done(one, due, one.failures, one.counted_at, one.etag, one.modified, one.body, one.address) for one in taken
        ]
        await self.db.run(lambda conn: finish(conn, self.place, each, done, self.clock.now()))
        return 0

    async def _keep(self, each: Round, orders: Sequence[Order], looks: Sequence[Look], now: datetime) -> int:
        pairs = list(zip(orders, looks, strict=True))
        kept = await asyncio.to_thread(self.bodies.keep_all, [seen for look in looks for seen in look.seen])
        done = [_done(order, look, now) for order, look in pairs]

        async def work(conn: "Connection[Record]") -> tuple[set[int], set[int]]:
            ours = await finish(conn, self.place, each, done, now)
            mine = [(order, look) for order, look in pairs if order.taken.watch_no in ours]
            if each.id == PULSE:
                await write_visits(conn, self.place.vantage, [_visit(order, look) for order, look in mine])
                for order, look in mine:
                    if _calls_for_a_look(order, look):
                        await expedite(conn, order.taken.watch_no, ("hourly",), now)
            await self.bodies.note(conn, kept, now)
            observations = [(order.taken.watch_no, seen.observation) for order, look in mine for seen in look.seen]
            return ours, await write_facts(conn, observations)

        ours, changed = await self.db.run(work)
        self.looks += len(ours)
        LOOKS.labels(each.id).inc(len(ours))
        LATE.labels(each.id).inc(len(done) - len(ours))
        turned = {
            order.taken.watch_no
            for order, look in pairs
            if order.taken.watch_no in ours and (order.taken.failures > 0 or not look.opened) and not look.blocked
        }
        for watch_no in sorted(changed & ours | turned | (ours if each.id != PULSE else set())):
            await self.judging.judge(watch_no, now)
        return len(ours)


def _done(order: Order, look: Look, now: datetime) -> Done:
    taken, each = order.taken, BY_ID[order.round.id]
    is_down = not look.opened and not look.blocked
    failures = min(taken.failures + 1, 32_000) if is_down else 0
    if is_down:
        due = due_after_failure(each, taken.watch_no, taken.fence, failures, now)
    else:
        due = next_due(each, taken.watch_no, taken.fence, taken.planned_at, now)
    due = due_after_waiting(look.retry_after, due, now)
    counted = order.at if _counts(order) else taken.counted_at
    return Done(
        taken, due, failures, counted, look.etag or taken.etag, look.modified or taken.modified, look.body or taken.body,
        look.address,
    )  # fmt: skip


def _counts(order: Order) -> bool:
    last = order.taken.counted_at
    return last is None or order.at - last >= COUNTS_AFTER


def _visit(order: Order, look: Look) -> Visit:
    return Visit(order.taken.watch_no, order.at, look.opened, look.blocked, look.ms, look.why, _counts(order))


def _calls_for_a_look(order: Order, look: Look) -> bool:
    """A page that is not the one of the last look: the hourly round, with the checks of integrity, is due at once."""
    return bool(look.body and order.taken.body and look.body != order.taken.body)


def again_at(now: datetime) -> datetime:
    """When a finding that nobody else has seen yet is looked at once more."""
    return now + AGAIN
