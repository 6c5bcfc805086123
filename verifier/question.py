"""Answers the citizen's question: looks up what the register knows about an address and lets
:func:`verifier.verdict.judge` decide.

Everything is answered from memory (:mod:`verifier.snapshot`, :mod:`verifier.officials`), which is filled when the
service starts or the first question comes, and then follows the change feed: before a question is answered, what was
committed since the last one is worked in, at most once per :data:`FRESH_SECONDS`. So a mark that was suspended, or a
name registered, a second ago is known.
"""

import asyncio
import gc
from contextlib import suppress
from dataclasses import dataclass, field

from registry.kernel.clock import Clock
from registry.kernel.db import Database
from registry.kernel.errors import Refusal
from registry.kernel.feed import Change, Feed
from verifier.address import Address, Kind, parse_address
from verifier.marks.origin import registered_name
from verifier.marks.states import MarkState
from verifier.officials import Officials
from verifier.snapshot import Snapshot
from verifier.verdict import Facts, Judgement, judge

FRESH_SECONDS = 0.5  # half of what a commit may take to be seen (design: one second)
WATCHED = ("mark.", "domain.", "body.", "establishment.", "tld.")  # kinds of changes that an answer can depend on


@dataclass(slots=True)
class Questions:
    """One per process; ``ask`` may be called by many at once. ``generation`` grows with every change that was worked in."""

    db: Database
    clock: Clock
    snapshot: Snapshot = field(default_factory=Snapshot)
    officials: Officials = field(default_factory=Officials)
    generation: int = 0
    _cursor: str = ""
    _checked: float = float("-inf")
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def ask(self, typed: str, shown_mark: str = "") -> Judgement:
        """The verdict on what was pasted. ``shown_mark`` is the number of the mark whose badge the page shows,
        if one was seen.
        """
        await self.refresh()
        return self.answer(parse_address(typed), shown_mark)

    def answer(self, address: Address, shown_mark: str = "") -> Judgement:
        """The verdict by what is in memory now; for callers who have refreshed it."""
        return judge(address, self._facts(address, shown_mark))

    def _facts(self, address: Address, shown_mark: str) -> Facts:
        own = registered_name(address.host)
        mark = self.snapshot.mark_of_host(address.host) if address.kind is Kind.WEB else None
        if mark is not None and mark.state is not MarkState.REVOKED:  # the host has decided; nothing else is looked at
            return Facts(mark=mark, name=self.snapshot.name(own), is_our_zone=True)
        named = self.officials.named_in(f"{address.user} {address.rest}") if address.user or address.rest else ()
        if address.kind not in {Kind.WEB, Kind.WORD}:
            return Facts(named=named, officials=self.snapshot.names(named))
        likes = self.officials.likes(address.host_u if address.kind is Kind.WEB else f"{address.host_u}.")
        names = self.snapshot.names({own, *named, *(like.official for like in likes)})
        return Facts(
            mark=mark,
            name=names.get(own),
            is_our_zone=own in names or address.host.rpartition(".")[2] in self.snapshot.zones,
            likes=likes,
            named=named,
            officials=names,
            shown=self.snapshot.mark(shown_mark) if shown_mark else None,
        )

    async def warm(self) -> None:
        """Load before the first question; a database that is away is tried again by that question."""
        with suppress(Refusal):
            await self.refresh()
        self._checked = float("-inf")

    async def refresh(self) -> None:
        """See that what was committed :data:`FRESH_SECONDS` ago is in memory."""
        if self.clock.monotonic() - self._checked < FRESH_SECONDS:
            return
        async with self._lock:
            now = self.clock.monotonic()
            if now - self._checked < FRESH_SECONDS:
                return
            if self._cursor:
                changes, cursor = await Feed(self.db).read(self._cursor)
                await self._work_in([change for change in changes if change.kind.startswith(WATCHED)])
                self._cursor = cursor
            else:
                await self._load()
            self._checked = now

    async def _load(self) -> None:
        async with Feed(self.db).snapshot() as (conn, cursor):
            await self.snapshot.load(conn)
        await asyncio.to_thread(self.officials.fill, self.snapshot.live_names())
        gc.collect()
        gc.freeze()  # what was loaded stays: a collector that walks through millions of entries stops everything for a second
        self._cursor = cursor

    async def _work_in(self, changes: list[Change]) -> None:
        if not changes:
            return
        async with self.db.transaction("repeatable_read", readonly=True) as conn:
            touched = await self.snapshot.work_in(conn, changes)
        for one in touched:
            name = self.snapshot.name(one)
            (self.officials.add if name and name.is_live else self.officials.discard)(one)
        self.generation += 1
