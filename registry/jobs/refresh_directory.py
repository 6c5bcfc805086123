"""Keep the red pages equal to the register: follow the feed, and look at everything anew where a change does not say whom it concerns.

The first run, and every run after an import of bodies, goes through all bodies that hold names, in batches; rows that do not differ are not
written, so they keep the day on which they last changed, which the daily deltas of the open data are made of.
"""

from collections.abc import Sequence

from registry.flows.runner import Runner
from registry.kernel.feed import Change, Feed
from registry.kernel.pinyin import sounds
from registry.policy.services import service_of
from registry.store import directory
from registry.store.directory import Entry, Source

BATCH = 5000  # bodies of one transaction of a full run
WHOLE = frozenset(
    {"establishment", "institution", "notice", "body", "tld"}
)  # nouns of changes that may concern any body


async def refresh_directory(runner: Runner) -> int:
    """How many rows were written."""
    feed = Feed(runner.db)
    async with runner.db.connection() as conn:
        cursor = await directory.cursor(conn)
    if cursor is None:
        async with feed.snapshot() as (_, cursor):
            changes: Sequence[Change] = ()
        written = await _everything(runner)
    else:
        changes, cursor = await feed.read(cursor)
        is_wide = any(change.kind.partition(".")[0] in WHOLE for change in changes)
        written = await (_everything(runner) if is_wide else _concerned(runner, changes))
    async with runner.db.transaction() as conn:
        if written:
            await directory.recount(conn)
        await directory.keep_cursor(conn, cursor, runner.clock.now())
    return written


async def _concerned(runner: Runner, changes: Sequence[Change]) -> int:
    roids = {change.subject for change in changes if change.kind.startswith("domain.")}
    names = {
        str(name)
        for change in changes
        if change.kind.startswith("domain.")
        for name in change.detail.get("names") or ()
    }
    marked = {
        str(change.detail["uscc"])
        for change in changes
        if change.kind.startswith("mark.") and change.detail.get("uscc")
    }
    if not roids and not marked:
        return 0
    now = runner.clock.now()
    async with runner.db.transaction() as conn:
        usccs = marked | await directory.concerned(conn, roids, names)
        written = await directory.put(conn, [entry_of(one) for one in await directory.some(conn, usccs)], now)
        return written + await directory.mark_gone(conn, usccs, now)


async def _everything(runner: Runner) -> int:
    written, last, now = 0, "", runner.clock.now()
    while True:
        async with runner.db.transaction() as conn:
            found = await directory.after(conn, last, BATCH)
            written += await directory.put(conn, [entry_of(one) for one in found], now)
        if len(found) < BATCH:
            break
        last = found[-1].uscc
    async with runner.db.transaction() as conn:
        return written + await directory.mark_gone(conn, None, now)


def entry_of(source: Source) -> Entry:
    """The row of a body."""
    syllables = sounds(source.name)
    grams = sorted({source.name[i : i + 2] for i in range(len(source.name) - 1) if " " not in source.name[i : i + 2]})
    return Entry(source, service_of(source.name), "".join(syllables), "".join(one[:1] for one in syllables), grams)
