"""Keeps the keys of the search in step with the names.

Every merge notes which bodies changed (``body_key_due``), in its own transaction; here their keys are renewed, some thousand bodies
at a time. After the first load of a register, or when nothing else helps, all keys are made anew beside the old ones, which
answer until the new ones stand; searches by code, exact name and beginning of a name do not need keys and are always current.
"""

from collections.abc import Iterable

from registry.establishment.search_keys import initials_of, name_grams, syllables
from registry.kernel.db import Connection, Database, Record
from registry.store import body_search
from registry.store.body_search import NameToKey

AT_ONCE = 20_000  # bodies that an import renews itself; a larger one leaves it to whoever runs refresh_search


async def refresh_search(db: Database) -> int:
    """Renew whatever keys are due; how many names were keyed. Safe to call at any time, by several at once."""
    async with db.transaction() as conn:
        done = await _make_whole(conn) if await body_search.whole_is_due(conn) else 0
    while True:
        async with db.transaction() as conn:
            names = await body_search.take_due(conn)
            if names is None:
                return done
            await body_search.copy_keys(conn, key_lines(names), "body_key")
            done += len(names)


async def refresh_soon(db: Database) -> None:
    """The same after an import, unless it would take long."""
    async with db.transaction() as conn:
        small = not await body_search.whole_is_due(conn) and await body_search.count_due(conn) <= AT_ONCE
    if small:
        await refresh_search(db)


async def _make_whole(conn: "Connection[Record]") -> int:
    await body_search.begin_whole(conn)
    done = 0
    async for names in body_search.all_names(conn):
        await body_search.copy_keys(conn, key_lines(names), "body_key_next")
        done += len(names)
    await body_search.end_whole(conn)
    return done


def key_lines(names: Iterable[NameToKey]) -> bytes:
    """Rows of ``body_key`` as COPY text."""
    return "".join(map(_line, names)).encode()


def _line(name: NameToKey) -> str:
    parts = syllables(name.name)
    grams = ",".join(map(str, name_grams(name.index_label, parts, name.region, name.kind)))
    texts = f"{name.uscc}\t{name.role}\t{name.name}\t{name.rank}\t{name.index_label}\t{''.join(parts)}\t{initials_of(parts)}"
    return texts.replace("\\", "\\\\") + f"\t{{{grams}}}\n"
