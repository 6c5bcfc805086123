"""A clock that moves only when a test moves it."""

import asyncio
from datetime import UTC, datetime, timedelta

START = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)


class FakeClock:
    """See ``registry.kernel.clock.Clock``. ``move`` wakes every sleeper whose instant has come."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start
        self._moved = asyncio.Condition()

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return (self._now - START).total_seconds()

    async def sleep(self, seconds: float) -> None:
        until = self._now + timedelta(seconds=seconds)
        async with self._moved:
            await self._moved.wait_for(lambda: self._now >= until)

    def set(self, now: datetime) -> None:
        self._now = now

    async def move(self, **length: float) -> None:
        async with self._moved:
            self._now += timedelta(**length)
            self._moved.notify_all()
