"""Whose turn it is: never more at once than a host and an address can bear, across everything that visits.

The fleet's own turns live where all workers see them; this is the hook, and the turns of a single process for those who run alone.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Protocol

from registry.kernel.clock import Clock

PER_HOST = 1  # verifier.md 3.2, rules for fetching
PER_ADDRESS = 2  # shared platforms: thousands of sites behind one address
GAP_SECONDS = 1.0  # between two visits to one host


class Turns(Protocol):
    """What the fetcher asks before each connection."""

    def turn(self, host: str, address: str) -> AbstractAsyncContextManager[None]:
        """Wait for the turn, hold it inside."""
        ...


class Free:
    """No waiting: for benchmarks, tests, and whoever takes turns elsewhere."""

    def turn(self, host: str, address: str) -> AbstractAsyncContextManager[None]:  # noqa: ARG002 - the shape of Turns
        """See :class:`Turns`."""
        return nullcontext()


class LocalTurns:
    """The turns of this process. ``slots_per_address`` may be agreed higher with a platform."""

    def __init__(self, clock: Clock, gap: float = GAP_SECONDS, slots_per_address: int = PER_ADDRESS) -> None:
        self._clock = clock
        self._gap = gap
        self._hosts: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(PER_HOST))
        self._addresses: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(slots_per_address))
        self._last: dict[str, float] = {}

    @asynccontextmanager
    async def _hold(self, host: str, address: str) -> AsyncIterator[None]:
        async with self._hosts[host], self._addresses[address]:
            wait = self._last.get(host, float("-inf")) + self._gap - self._clock.monotonic()
            if wait > 0:
                await self._clock.sleep(wait)
            try:
                yield
            finally:
                self._last[host] = self._clock.monotonic()

    def turn(self, host: str, address: str) -> AbstractAsyncContextManager[None]:
        """See :class:`Turns`."""
        return self._hold(host, address)
