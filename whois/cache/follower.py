"""Keeps answers in memory true: reads the feed of the very server that look-ups read, and takes out what changed.

The feed of a primary and that of a replica are two things (``registry/kernel/feed.py``, ``registry/kernel/standby.py``); whichever server is read,
its own feed is followed, so a record that is read after a change was told is never the one from before. When the server changes or does not
answer, everything in memory is forgotten, and following begins anew.
"""

import asyncio
from contextlib import suppress

from registry.kernel.db import GONE, Database, Listener
from registry.kernel.errors import Refusal
from registry.kernel.feed import CHANNEL, Change, Feed
from registry.kernel.log import get_logger
from registry.kernel.metrics import counter
from registry.kernel.reads import Reads
from registry.kernel.standby import StandbyFeed, is_standby
from whois.cache.answers import Answers
from whois.cache.depends import touched

POLL_SECONDS = 0.2  # a primary wakes us; a replica cannot
TRUST_SECONDS = (
    0.8  # how long a read of the feed vouches for what is in memory: with what a read may take, less than a second
)
READ_SECONDS = 0.8  # a feed that takes longer has lost its claim to be current
RETRY_SECONDS = 0.1
DROPPED = counter("whois_answers_dropped", "Answers taken out of memory because something in them changed")


class Follower:
    """One for all the memories of a process."""

    def __init__(self, reads: Reads, *memories: Answers) -> None:
        self._reads, self._memories = reads, memories
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        reads.on_switch = self._forget

    def start(self) -> None:
        """Follow in a task of its own."""
        self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Stop; nothing is answered from memory afterwards."""
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        self._forget()

    def _forget(self) -> None:
        for memory in self._memories:
            memory.close()
        self._woken.set()

    async def _run(self) -> None:
        while True:
            try:
                await self._follow(self._reads.db)
            except (Refusal, TimeoutError, *GONE):
                pass  # a server that restarts or is slow; we begin anew
            except Exception as error:  # noqa: BLE001  # whatever it is, answers must not come from a memory that nobody keeps true
                get_logger().error("following broke", exc_info=error)
            self._forget()
            await asyncio.sleep(RETRY_SECONDS)

    async def _follow(self, db: Database) -> None:
        """Until the server goes away or another one is read."""
        async with asyncio.timeout(READ_SECONDS):
            source = await _source(db)
            cursor = await source.start()
            listener = None if isinstance(source, _Standby) else await db.listen(CHANNEL, self._woken.set)
        try:
            await self._read_on(db, source, cursor, listener)
        finally:
            if listener:
                await listener.close()

    async def _read_on(self, db: Database, source: "_Source", cursor: str, listener: Listener | None) -> None:
        for memory in self._memories:
            memory.open()
        clock = asyncio.get_running_loop().time
        while self._reads.db is db and not (listener and listener.lost):
            self._woken.clear()
            began = clock()
            async with asyncio.timeout(READ_SECONDS):
                changes, cursor = await source.read(cursor)
            if self._reads.db is not db:
                return
            self._work_in(changes, began + TRUST_SECONDS)
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await self._woken.wait()

    def _work_in(self, changes: list[Change], trusted_until: float) -> None:
        keys = touched(changes)
        for memory in self._memories:
            if keys:
                DROPPED.inc(memory.touch(keys))
            memory.keep_until(trusted_until)


class _Primary:
    """The feed of a primary in the shape of that of a standby."""

    def __init__(self, db: Database) -> None:
        self._feed = Feed(db)

    async def start(self) -> str:
        async with self._feed.snapshot() as (_, cursor):
            return cursor

    async def read(self, cursor: str) -> tuple[list[Change], str]:
        return await self._feed.read(cursor)


_Standby = StandbyFeed
_Source = _Primary | StandbyFeed


async def _source(db: Database) -> _Source:
    return StandbyFeed(db) if await is_standby(db) else _Primary(db)
