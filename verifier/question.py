"""Answers the citizen's question: looks up what the register knows about an address and lets
:func:`verifier.verdict.judge` decide.

The index of official names is filled when the first question comes and then follows the change feed: before a
question is answered, what was committed since the last one is worked in, at most once per :data:`FRESH_SECONDS`.
So a name registered a second ago is known.
"""

import asyncio
from dataclasses import dataclass, field

from registry.kernel.clock import Clock
from registry.kernel.db import Connection, Database, Record
from registry.kernel.feed import Change, Feed
from verifier.address import Address, Kind, parse_address
from verifier.marks import store
from verifier.marks.origin import registered_name
from verifier.officials import Officials
from verifier.verdict import Facts, Judgement, judge

FRESH_SECONDS = 0.5  # half of what a commit may take to be seen (design: one second)

_NAMES = """select n.name from published.bundle_name n join published.domain d on d.roid = n.domain_roid
            where d.uscc <> '' and d.deleted_at is null"""
_NAMES_OF = """select n.name from published.bundle_name n join published.domain d on d.roid = n.domain_roid
               where d.uscc <> '' and d.deleted_at is null and n.name = any($1::text[])"""


@dataclass(slots=True)
class Questions:
    """One per process; ``ask`` may be called by many at once."""

    db: Database
    clock: Clock
    _officials: Officials = field(default_factory=Officials)
    _cursor: str = ""
    _checked: float = float("-inf")
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def ask(self, typed: str, shown_mark: str = "") -> Judgement:
        """The verdict on what was pasted. ``shown_mark`` is the number of the mark whose badge the page shows,
        if one was seen.
        """
        await self._refresh()
        address = parse_address(typed)
        return judge(address, await self._facts(address, shown_mark))

    async def _facts(self, address: Address, shown_mark: str) -> Facts:
        named = self._officials.named_in(f"{address.user} {address.rest}")
        async with self.db.connection() as conn:
            if address.kind in {Kind.WEB, Kind.WORD}:
                return await self._facts_of_host(conn, address, named, shown_mark)
            return Facts(named=named, officials=await store.find_names(conn, list(named)) if named else {})

    async def _facts_of_host(
        self, conn: "Connection[Record]", address: Address, named: tuple[str, ...], shown_mark: str
    ) -> Facts:
        likes = self._officials.likes(address.host_u if address.kind is Kind.WEB else f"{address.host_u}.")
        own = registered_name(address.host)
        names = await store.find_names(conn, [own, *named, *(like.official for like in likes)])
        tld = address.host.rpartition(".")[2]
        return Facts(
            mark=await store.find_mark_of_host(conn, address.host),
            name=names.get(own),
            is_our_zone=own in names or await store.is_our_zone(conn, tld),
            likes=likes,
            named=named,
            officials=names,
            shown=await store.find_mark(conn, shown_mark) if shown_mark else None,
        )

    async def _refresh(self) -> None:
        async with self._lock:
            now = self.clock.monotonic()
            if now - self._checked < FRESH_SECONDS:
                return
            if not self._cursor:
                await self._load()
            else:
                changes, self._cursor = await Feed(self.db).read(self._cursor)
                await self._work_in(changes)
            self._checked = now

    async def _load(self) -> None:
        async with Feed(self.db).snapshot() as (conn, cursor):
            names = await _column(conn, _NAMES)
        await asyncio.to_thread(self._add_all, names)
        self._cursor = cursor

    def _add_all(self, names: list[str]) -> None:
        for name in names:
            self._officials.add(name)

    async def _work_in(self, changes: list[Change]) -> None:
        """Whatever a change to a domain was, what stands in the register now is the truth for its bundle."""
        subjects = [change.subject for change in changes if change.kind.startswith("domain.")]
        if not subjects:
            return
        async with self.db.connection() as conn:
            touched = await _touched(conn, subjects, changes)
            there = {row["name"] for row in await conn.fetch(_NAMES_OF, sorted(touched))}
        for name in touched:
            (self._officials.add if name in there else self._officials.discard)(name)


async def _touched(conn: "Connection[Record]", subjects: list[str], changes: list[Change]) -> set[str]:
    """All names that a batch of changes can be about: the members of the bundles, and names told in the details
    of what is gone.
    """
    rows = await conn.fetch(
        "select name from published.bundle_name where domain_roid = any($1::text[]) or name = any($1::text[])", subjects
    )
    told = {value for change in changes for value in _words(change.detail)}
    return {row["name"] for row in rows} | told | {s for s in subjects if "." in s}


def _words(detail: object) -> list[str]:
    """Names in a detail, wherever its writer put them."""
    if isinstance(detail, str):
        return [detail] if "." in detail and detail.isascii() else []
    if isinstance(detail, dict):
        return [word for value in detail.values() for word in _words(value)]
    return [word for value in detail for word in _words(value)] if isinstance(detail, list) else []


async def _column(conn: "Connection[Record]", sql: str) -> list[str]:
    return [row["name"] for row in await conn.fetch(sql)]
