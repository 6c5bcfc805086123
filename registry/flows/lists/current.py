"""The amended tables of each version that is in use, kept by seal: compiled once in a process, the same in all of them."""

import asyncio
from collections import OrderedDict

from registry.flows.lists.amended import Amended, amend
from registry.kernel.db import Connection, Record
from registry.policy.naming.tables import shipped_tables
from registry.store import lists
from registry.store.name_facts import NO_LISTS

KEPT = 4  # versions: the one in force, the one before it while a transaction still runs, and two to spare


class CurrentLists:
    """``newest`` is a guess that is right but for the first decision after an edit; ``of`` gives the exact version."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Amended] = OrderedDict()

    @property
    def newest(self) -> Amended:
        """The version that was used last, or the shipped tables alone."""
        return (
            next(reversed(self._kept.values()))
            if self._kept
            else self._remember(amend(shipped_tables(), (), *NO_LISTS))
        )

    async def of(self, conn: "Connection[Record]", version: int, seal: str) -> Amended:
        """The tables of a version: from memory, or read and compiled beside the loop."""
        kept = self._kept.get(seal)
        if kept is None:
            entries = [entry.word for entry in await lists.in_force(conn, version)] if version else []
            kept = await asyncio.to_thread(amend, shipped_tables(), entries, version, seal)
        return self._remember(kept)

    def _remember(self, amended: Amended) -> Amended:
        self._kept[amended.seal] = amended
        self._kept.move_to_end(amended.seal)
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return amended


CURRENT = CurrentLists()
