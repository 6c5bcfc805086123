"""The live figures of the home page: names, bodies, marks. Read at most twice a minute, and never by counting a
big table.
"""

import asyncio
from dataclasses import dataclass, field

from registry.kernel.clock import Clock
from registry.kernel.db import Database
from registry.kernel.errors import Refusal

FRESH_SECONDS = 30.0
EXACT_UP_TO = (
    100_000  # counted one by one up to here (some 10 ms); beyond, the planner's estimate is near enough for a home page
)

_FIGURE = """
select case when (select reltuples from pg_class where oid = $1::text::regclass) > $2
            then (select reltuples::bigint from pg_class where oid = $1::text::regclass) end"""
_TABLES = {"names": "public.domain", "bodies": "public.body", "marks": "verifier.mark"}
_EXACT = {
    "names": "select count(*) from published.domain",
    "bodies": "select count(*) from published.body",
    "marks": "select count(*) from published.mark where state = 'valid'",
}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many there are; None when the database is away."""

    names: int | None = None
    bodies: int | None = None
    marks: int | None = None


@dataclass(slots=True)
class Figures:
    """Keeps the last counts. While the database is away the page stands without figures."""

    db: Database
    clock: Clock
    _counts: Counts = Counts()
    _read: float = float("-inf")
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def counts(self) -> Counts:
        """The figures, at most :data:`FRESH_SECONDS` old."""
        async with self._lock:
            if self.clock.monotonic() - self._read >= FRESH_SECONDS:
                try:
                    self._counts = Counts(**{name: await self._count(name) for name in _TABLES})
                except Refusal:
                    return Counts()
                self._read = self.clock.monotonic()
            return self._counts

    async def _count(self, name: str) -> int:
        estimate = await self.db.fetchval(_FIGURE, _TABLES[name], EXACT_UP_TO)
        return int(estimate if estimate is not None else await self.db.fetchval(_EXACT[name]))
