"""The change feed under writers that commit out of order."""

import asyncio
from contextlib import AsyncExitStack

import asyncpg

from registry.kernel.db import Database
from registry.kernel.feed import Feed, announce, wake
from tests.kit.clock import START


async def test_a_row_that_commits_late_is_seen_late_and_never_skipped(db: Database) -> None:
    """A transaction that drew its number first and commits last is not passed over."""
    feed = Feed(db)
    async with feed.snapshot() as (_, cursor):
        pass
    async with db.transaction() as slow:
        await announce(slow, START, "domain.created", "slow")
        async with db.transaction() as quick:
            await announce(quick, START, "domain.created", "quick")
        first, cursor = await feed.read(cursor)
    second, cursor = await feed.read(cursor)

    assert [change.subject for change in first] == ["quick"]
    assert [change.subject for change in second] == ["slow"]
    assert (await feed.read(cursor))[0] == []


async def test_a_rolled_back_change_is_never_seen(db: Database) -> None:
    """What was not committed was not announced."""
    feed = Feed(db)
    async with feed.snapshot() as (_, cursor):
        pass
    try:
        async with db.transaction() as conn:
            await announce(conn, START, "domain.created", "gone")
            await conn.fetchval("select 1 / 0")
    except asyncpg.DivisionByZeroError:
        pass

    assert (await feed.read(cursor))[0] == []


async def test_a_snapshot_and_its_cursor_have_no_gap_between_them(db: Database) -> None:
    """What a subscriber loaded in the snapshot does not come again, and what it did not load does come."""
    feed = Feed(db)
    async with AsyncExitStack() as stack:
        pending = await stack.enter_async_context(db.transaction())
        await announce(pending, START, "domain.created", "pending")
        async with db.transaction() as conn:
            await announce(conn, START, "domain.created", "before")
        async with feed.snapshot() as (conn, cursor):
            loaded = {row["subject"] for row in await conn.fetch("select subject from change")}
    changes, _ = await feed.read(cursor)

    assert loaded == {"before"}
    assert [change.subject for change in changes] == ["pending"]


async def test_concurrent_writers_that_commit_out_of_order_lose_and_double_nothing(db: Database) -> None:
    """Sixteen writers with staggered commits, three readers of which one restarts from its cursor: each sees all, once."""
    feed = Feed(db)
    async with feed.snapshot() as (_, start):
        pass
    writers, each = 16, 40

    async def write(writer: int) -> None:
        for number in range(each):
            async with db.transaction() as conn:
                await announce(conn, START, "domain.created", f"{writer}.{number}")
                await asyncio.sleep(0.001 * ((writer * 7 + number * 3) % 5))
            wake(db)

    async def follow(*, restart_every: int) -> list[str]:
        seen: list[str] = []
        cursor = start
        while len(seen) < writers * each:
            async for changes, following in Feed(db).follow(cursor):
                seen += [change.subject for change in changes]
                cursor = following
                if len(seen) >= writers * each or (restart_every and len(seen) % restart_every == 0):
                    break
        return seen

    readers = [asyncio.create_task(follow(restart_every=every)) for every in (0, 1, 3)]
    await asyncio.gather(*(write(number) for number in range(writers)))
    expected = {f"{writer}.{number}" for writer in range(writers) for number in range(each)}
    for reader in readers:
        seen = await asyncio.wait_for(reader, 30)
        assert len(seen) == len(expected)
        assert set(seen) == expected


async def test_a_follower_survives_a_restart_of_its_connections(db: Database) -> None:
    """When the server cuts every connection, the follower comes back and sees what was committed meanwhile."""
    feed = Feed(db)
    async with feed.snapshot() as (_, cursor):
        pass
    stream = feed.follow(cursor)
    waiting = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0.05)
    await db.fetch(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
    )
    async with db.transaction() as conn:
        await announce(conn, START, "domain.created", "after")
    changes, _ = await asyncio.wait_for(waiting, 10)
    await stream.aclose()

    assert [change.subject for change in changes] == ["after"]


async def test_a_follower_can_be_cancelled_in_the_very_moment_of_a_wake(db: Database) -> None:
    """A cancellation that meets a notice is not swallowed: a service that is told to stop stops."""
    feed = Feed(db)
    async with feed.snapshot() as (_, cursor):
        pass

    async def follow() -> None:
        async for _ in feed.follow(cursor):
            pass

    for _ in range(50):
        task = asyncio.create_task(follow())
        await asyncio.sleep(0.02)
        feed._woken.set()
        task.cancel()
        done, _ = await asyncio.wait({task}, timeout=5)
        assert done
        assert task.cancelled()
