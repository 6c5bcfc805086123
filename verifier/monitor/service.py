"""The service ``monitor``: watches what every mark stands on.

It follows the change feed, so a body that ends or a name that goes is acted on within a second, and looks at everything once at its start
and every hour, so that nothing that happened while it was away is missed. Beside it runs the watch over the sites themselves: a worker of this
machine's place, its upkeep, and the stage with its canaries.
"""

import asyncio
from contextlib import aclosing

from registry.kernel import metrics
from registry.kernel.errors import Refusal
from registry.kernel.feed import Feed
from registry.kernel.log import get_logger
from registry.kernel.service import Parts, Service
from verifier.checks.txt import DnsTxt
from verifier.monitor.fleet import Fleet, build_fleet
from verifier.monitor.standing import suspend_fallen
from verifier.monitor.succession import follow_names

ROUND_SECONDS = 3600.0
CAUSES = (
    "establishment.",
    "body.",
    "domain.deleted",
    "domain.purged",
)  # kinds of changes after which a mark may have lost its ground

_SUSPENDED = metrics.counter("monitor_marks_suspended", "Marks suspended by the standing watch")

_FOLLOWED = metrics.counter("monitor_marks_followed", "Marks issued to successors whose names followed them")


class Monitor:
    """See ``registry.kernel.service.Service``."""

    name = "monitor"

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._due = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._fleet: Fleet | None = None
        self._log = get_logger()

    async def start(self) -> None:
        """Look at once, then whenever there is cause."""
        async with Feed(self._parts.db).snapshot() as (_, cursor):
            pass
        self._due.set()
        loops = [self._follow(cursor), self._rounds(), self._watch()]
        if self._parts.config.monitor.enabled:
            self._fleet = await build_fleet(self._parts)
            loops.extend(self._fleet.loops())
        self._tasks = [asyncio.create_task(loop) for loop in loops]

    def ready(self) -> bool:
        """Whether every loop runs."""
        return bool(self._tasks) and not any(task.done() for task in self._tasks)

    async def drain(self) -> None:
        """End the loops; what was begun in the database is whole or not there."""
        await self.close()

    async def close(self) -> None:
        """Let go."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._fleet is not None:
            await self._fleet.close()
            self._fleet = None

    async def _follow(self, cursor: str) -> None:
        async with aclosing(Feed(self._parts.db).follow(cursor)) as batches:
            async for changes, _ in batches:
                if any(change.kind.startswith(CAUSES) for change in changes):
                    self._due.set()

    async def _rounds(self) -> None:
        while True:
            await self._parts.clock.sleep(ROUND_SECONDS)
            self._due.set()

    async def _watch(self) -> None:
        while True:
            await self._due.wait()
            self._due.clear()
            try:
                followed = await follow_names(self._parts.db, self._parts.clock, self._parts.config, DnsTxt())
                suspended = await suspend_fallen(self._parts.db, self._parts.clock)
            except Refusal as refusal:
                self._log.error("marks not suspended", reason=refusal.reason, text=refusal.text.en)
            else:
                _SUSPENDED.inc(suspended)
                _FOLLOWED.inc(followed)


def create(parts: Parts) -> Service:
    """Build the service."""
    return Monitor(parts)
