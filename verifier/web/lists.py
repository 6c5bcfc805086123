"""Keeps signed status lists for a moment, so that a rush of readers costs one query a second."""

import asyncio
from dataclasses import dataclass, field

from registry.kernel.clock import Clock
from registry.kernel.db import Database
from registry.kernel.errors import Reason, Refusal
from verifier.marks import store
from verifier.marks.keys import IssuerKey
from verifier.marks.states import STATUS_VALUES
from verifier.marks.statuslist import sign_status_list

FRESH_SECONDS = 1.0  # a change of state is in the list within a second
MAX_NUMBER = 1_000_000  # a thousand times the lists that all sites of the country would fill


@dataclass(slots=True)
class StatusLists:
    """The lists of one process."""

    db: Database
    clock: Clock
    key: IssuerKey
    base: str
    _kept: dict[int, tuple[float, str]] = field(default_factory=dict)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def token(self, number: int) -> str:
        """The Status List Token of list ``number``; ``NOT_FOUND`` when there is no such list."""
        async with self._lock:
            made, token = self._kept.get(number, (float("-inf"), ""))
            if self.clock.monotonic() - made >= FRESH_SECONDS:
                token = await self._make(number)
                self._kept[number] = (self.clock.monotonic(), token)
            return token

    async def _make(self, number: int) -> str:
        if not 1 <= number <= MAX_NUMBER or not await store.is_known_list(self.db, number):
            raise Refusal(
                Reason.NOT_FOUND,
                "没有这个状态列表",
                "there is no such status list",
                where="list",
                value=str(number)[:20],
            )
        states = await store.list_exceptions(self.db, number)
        exceptions = {slot: STATUS_VALUES[state] for slot, state in states.items()}
        return sign_status_list(exceptions, f"{self.base}/status/{number}", self.key, self.clock.now())
