"""Where look-ups read: a streaming replica when there is one and it keeps up, the primary otherwise.

Theory of operation. A replica says how far it has replayed the log; whether that is *now* only the primary can tell. So the primary's
position in the log is noted with the instant, five times a second, and the replica counts as current up to the newest
note that it has passed. From this follow the three states:

* both answer: the replica is read while it is at most :data:`MAX_LAG_SECONDS` behind, the primary as soon as it is not;
* the primary is away: the replica is read, however old, for it is all there is; :meth:`Reads.as_of` says up to when it is known to be current;
* the replica is away: the primary is read.

Questions wait for a connection in one fair line. (The pool's own line is not: whoever comes while a connection is free takes it from those
who wait, and a crowd lets some of them starve for a third of a second.) A single question whose server goes away in that moment is asked of
the other one. Whoever keeps answers in memory is told of every switch before anything is read from the other server.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TypeVar

from registry.kernel.clock import Clock
from registry.kernel.config import DatabaseConfig
from registry.kernel.db import GONE, Database
from registry.kernel.errors import Reason, Refusal
from registry.kernel.log import get_logger
from registry.kernel.metrics import gauge

TICK_SECONDS = 0.2
PROBE_SECONDS = 0.5  # a server that does not say a number in this time is away for our purpose
MAX_LAG_SECONDS = 0.5  # with the poll of the feed an answer is never older than a second
MAX_NOTES = (
    64  # positions of the primary that the replica has not passed yet; at a fifth of a second each, far beyond the lag
)
KEPT_FREE = 2  # connections of the pool for the feed and the probes: they must not wait behind a crowd of questions
LAG = gauge("reads_replica_lag_seconds", "How far the replica was behind when both servers last answered")
ON_REPLICA = gauge("reads_on_replica", "1 while look-ups read from the replica")
T = TypeVar("T")

_POSITION = "select (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::bigint"
_REPLAYED = "select (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint"


class Reads:
    """``db`` is the server to read from now. Without a replica it is always the primary and nothing runs beside."""

    def __init__(self, primary: Database, clock: Clock, config: DatabaseConfig | None = None) -> None:
        self.primary = primary
        self.replica: Database | None = None
        self.db = primary
        self.on_switch: Callable[[], None] = lambda: None
        self._clock, self._config = clock, config or DatabaseConfig()
        self._places = asyncio.Semaphore(max(1, self._config.pool_size - KEPT_FREE))
        self._notes: deque[tuple[int, float]] = deque(maxlen=MAX_NOTES)
        self._current_up_to: tuple[float, datetime] | None = None  # seconds of the loop, and the same by the calendar
        self._primary_answers = True
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Connect to the replica, when one is configured; one that is not there yet is tried again while we run."""
        if self._config.replica_url:
            await self._connect()
            await self._tick()
            self._task = asyncio.create_task(self._watch())

    async def close(self) -> None:
        """Let go of the replica; the primary belongs to whoever opened it."""
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        if self.replica:
            await self.replica.close()

    @property
    def on_replica(self) -> bool:
        """Whether the replica is read now."""
        return self.db is self.replica

    def as_of(self, now: datetime) -> datetime:
        """Up to when what is read is known to be the state of the register: now, or the last instant that was proved."""
        if not self.on_replica or self._primary_answers or self._current_up_to is None:
            return now
        return min(now, self._current_up_to[1])

    async def ask(self, work: Callable[[Database], Awaitable[T]]) -> T:
        """Run ``work`` on the server of now; when that is away, on the other one. ``UNAVAILABLE`` when both are."""
        async with self._places:
            asked = self.db
            try:
                return await work(asked)
            except Refusal as refusal:
                other = self.primary if asked is self.replica else self.replica
                if refusal.reason is not Reason.UNAVAILABLE or other is None:
                    raise
                return await work(other)

    async def _connect(self) -> None:
        with suppress(TimeoutError, *GONE):
            async with asyncio.timeout(PROBE_SECONDS * 4):
                self.replica = await Database.open(
                    self._config.replica_url,
                    size=self._config.pool_size,
                    statement_timeout_seconds=self._config.statement_timeout_seconds,
                )

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(TICK_SECONDS)
            try:
                if self.replica is None:
                    await self._connect()
                await self._tick()
            except Exception as error:  # noqa: BLE001  # whatever it is, the next tick looks again
                get_logger().error("watching the replica broke", exc_info=error)

    async def _tick(self) -> None:
        replica = self.replica
        if replica is None:
            return
        noted = _seconds()
        position, replayed = await asyncio.gather(_number(self.primary, _POSITION), _number(replica, _REPLAYED))
        self._primary_answers = position is not None
        if position is not None:
            self._notes.append((position, noted))
        if replayed is not None:
            self._pass_notes(replayed)
        self._choose(replica, replayed is not None)

    def _pass_notes(self, replayed: int) -> None:
        passed = None
        while self._notes and self._notes[0][0] <= replayed:
            passed = self._notes.popleft()[1]
        if passed is not None:
            gone = _seconds() - passed
            self._current_up_to = (passed, self._clock.now() - timedelta(seconds=gone))

    def _choose(self, replica: Database, replica_answers: bool) -> None:
        behind = _seconds() - self._current_up_to[0] if self._current_up_to else float("inf")
        if self._primary_answers:
            LAG.set(min(behind, 1e6))
        wanted = replica
        if not replica_answers or (self._primary_answers and behind > MAX_LAG_SECONDS):
            wanted = self.primary
        if wanted is not self.db:
            self.db = wanted
            self.on_switch()
            ON_REPLICA.set(int(self.on_replica))
            get_logger().warning(
                "reads switched", to="replica" if self.on_replica else "primary", behind=round(min(behind, 1e6), 2)
            )


def _seconds() -> float:
    return asyncio.get_running_loop().time()


async def _number(db: Database, sql: str) -> int | None:
    """What the server says, None when it is away."""
    try:
        async with asyncio.timeout(PROBE_SECONDS):
            return int(await db.fetchval(sql))
    except (Refusal, TimeoutError, TypeError, *GONE):
        return None
