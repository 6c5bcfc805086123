"""Time is an argument (design, law 4): the only place that asks the machine what time it is."""

import asyncio
import time
from datetime import UTC, datetime, timedelta, timezone
from typing import Protocol

BEIJING = timezone(timedelta(hours=8), "北京时间")  # China keeps one time, without summer time, since 1991


class Clock(Protocol):
    """What a service may know about time. Instants are aware and in UTC."""

    def now(self) -> datetime:
        """The wall clock, for what is written down."""
        ...

    def monotonic(self) -> float:
        """Seconds that never run backwards, for how long something took."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait; a fake clock returns as soon as it was moved past the instant."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """See :class:`Clock`."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """See :class:`Clock`."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """See :class:`Clock`."""
        await asyncio.sleep(seconds)
