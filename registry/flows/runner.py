"""Runs acts: one transaction each, tried again when the database chose it as the victim of a conflict."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from registry.flows.act import Act, Caller
from registry.kernel.clock import Clock
from registry.kernel.config import Config
from registry.kernel.db import Connection, Database, Record
from registry.kernel.feed import wake
from registry.kernel.ids import new_transaction_id

T = TypeVar("T")
Flow = Callable[[Act], Awaitable[T]]


@dataclass(frozen=True, slots=True)
class Runner:
    """What every door holds in order to act."""

    db: Database
    clock: Clock
    config: Config

    async def run(self, caller: Caller, flow: Flow[T], *, trid: str = "", client_trid: str = "") -> T:
        """Run one flow in one transaction, commit, and wake the followers of the feed if it changed something."""
        trid = trid or new_transaction_id()
        acts: list[Act] = []

        async def attempt(conn: "Connection[Record]") -> T:
            act = Act(conn, caller, self.clock.now(), trid, client_trid, self.config)
            acts.append(act)
            return await flow(act)

        result = await self.db.run(attempt)
        if acts[-1].has_changed:
            wake(self.db)
        return result
