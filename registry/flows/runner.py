"""Runs acts: one transaction each, tried again when the database chose it as the victim of a conflict."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from registry.flows.act import Act, Afterwards, Caller
from registry.kernel.clock import Clock
from registry.kernel.config import Config
from registry.kernel.db import Connection, Database, Record
from registry.kernel.errors import Reason, Refusal
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

    async def rehearse(self, caller: Caller, flow: Flow[T], *, trid: str = "", client_trid: str = "") -> T:
        """Run a flow as :meth:`run` does and roll everything back, whatever becomes of it: what it returns is what it would have done.

        Numbers that were drawn from sequences stay drawn; nothing else is left.
        """
        trid = trid or new_transaction_id()
        results: list[T] = []

        async def attempt(conn: "Connection[Record]") -> None:
            act = Act(conn, caller, self.clock.now(), trid, client_trid, self.config)
            results[:] = [await flow(act)]
            raise _RolledBack

        try:
            await self.db.run(attempt)
        except _RolledBack:
            return results[0]
        raise AssertionError("a rehearsal never commits")

    async def read(self, caller: Caller, flow: Flow[T], *, trid: str = "", client_trid: str = "") -> T:
        """Run a flow that asks one question and writes nothing: no transaction, so one round trip a statement.

        Each statement sees the register at an instant of its own. An attempt to write is a fault of ours, not a half-write.
        """
        async with self.db.connection() as conn:
            act = Act(conn, caller, self.clock.now(), trid, client_trid, self.config, is_reading=True)
            return await flow(act)


class _RolledBack(Refusal):
    """Ends a rehearsal; it is a refusal so that the connection counts as left in order."""

    def __init__(self) -> None:
        super().__init__(Reason.UNAVAILABLE, "试运行，未生效", "a rehearsal; nothing was changed")


async def _write_all(works: list[Afterwards], act: Act) -> None:
    for work in works:
        await work(act)
