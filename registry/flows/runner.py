"""Runs acts: one transaction each, tried again when the database chose it as the victim of a conflict."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from registry.flows.act import Act, Afterwards, Caller
from registry.kernel.clock import Clock
from registry.kernel.config import Config
from registry.kernel.db import Connection, Database, Record
from registry.kernel.errors import Refusal
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
        """Run one flow in one transaction, commit, and wake the followers of the feed if it changed something.

        When it is refused, what it registered with :meth:`Act.after_refusal` is written before the refusal is raised; when that
        cannot be written, the caller is told so (``UNAVAILABLE``) and not the refusal.
        """
        trid = trid or new_transaction_id()
        acts: list[Act] = []

        async def attempt(conn: "Connection[Record]") -> T:
            act = Act(conn, caller, self.clock.now(), trid, client_trid, self.config)
            acts.append(act)
            return await flow(act)

        try:
            result = await self.db.run(attempt)
        except Refusal:
            if acts and acts[-1].afterwards:
                await self.run(caller, partial(_write_all, acts[-1].afterwards), trid=trid, client_trid=client_trid)
            raise
        if acts[-1].has_changed:
            wake(self.db)
        return result

    async def read(self, caller: Caller, flow: Flow[T], *, trid: str = "", client_trid: str = "") -> T:
        """Run a flow that asks one question and writes nothing: no transaction, so one round trip a statement.

        Each statement sees the register at an instant of its own. An attempt to write is a fault of ours, not a half-write.
        """
        async with self.db.connection() as conn:
            act = Act(conn, caller, self.clock.now(), trid, client_trid, self.config, is_reading=True)
            return await flow(act)


async def _write_all(works: list[Afterwards], act: Act) -> None:
    for work in works:
        await work(act)
