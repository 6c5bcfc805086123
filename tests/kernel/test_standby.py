"""The feed of changes on a real streaming replica, and where look-ups read when one of two servers goes away."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from registry.kernel.clock import SystemClock
from registry.kernel.config import DatabaseConfig
from registry.kernel.db import Database
from registry.kernel.errors import Reason, Refusal
from registry.kernel.feed import announce
from registry.kernel.reads import Reads
from registry.kernel.standby import StandbyFeed, is_standby
from tests.kit.clock import START
from tests.kit.replica import Pair, pair


@dataclass(frozen=True, slots=True)
class Both:
    """The two servers and a pool on each."""

    servers: Pair
    primary: Database
    replica: Database

    async def settle(self) -> None:
        await self.servers.caught_up(self.primary, self.replica)


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[Both]:
    async with pair(tmp_path) as servers, AsyncExitStack() as stack:
        pools = []
        for server in (servers.primary, servers.replica):
            pools.append(await Database.open(server.dsn, size=4))
            stack.push_async_callback(pools[-1].close)
        yield Both(servers, *pools)


async def until(true: object, seconds: float = 10.0) -> None:
    """Wait for a condition."""
    assert callable(true)
    for _ in range(int(seconds / 0.02)):
        if true():
            return
        await asyncio.sleep(0.02)
    raise TimeoutError


async def say(db: Database, subject: str) -> None:
    async with db.transaction() as conn:
        await announce(conn, START, "domain.created", subject)


async def test_a_replica_tells_late_commits_and_skips_none(both: Both) -> None:
    """A transaction that began first and commits last is told when the replica shows it, one that was undone is not, and with the primary stopped the
    feed goes on in silence while look-ups move to the replica.
    """
    assert (await is_standby(both.replica), await is_standby(both.primary)) == (True, False)
    feed = StandbyFeed(both.replica)
    await both.settle()
    cursor = await feed.start()
    async with both.primary.transaction() as slow:
        await announce(slow, START, "domain.created", "slow")
        await say(both.primary, "quick")
        with pytest.raises(ZeroDivisionError):
            async with both.primary.transaction() as undone:
                await announce(undone, START, "domain.created", "undone")
                raise ZeroDivisionError
        await both.settle()
        first, cursor = await feed.read(cursor)
        again, cursor = await feed.read(cursor)
    await both.settle()
    last, cursor = await feed.read(cursor)
    assert [change.subject for change in first] == ["quick"]
    assert "slow" not in {change.subject for change in again}
    assert [change.subject for change in last] == ["slow"]
    await _writers_commit_out_of_order(both, feed, cursor)
    await _the_primary_is_stopped(both, feed)


async def _writers_commit_out_of_order(both: Both, feed: StandbyFeed, cursor: str) -> None:
    """Twelve writers with waits of their own; a reader that polls all the while misses nobody."""
    seen: set[str] = set()

    async def write(number: int) -> None:
        for step in range(10):
            async with both.primary.transaction() as conn:
                await announce(conn, START, "domain.updated", f"{number}.{step}")
                await asyncio.sleep(0.001 * ((number * 7 + step * 3) % 12))

    writers = asyncio.gather(*(write(number) for number in range(3)))
    while not writers.done():
        changes, cursor = await feed.read(cursor)
        seen.update(change.subject for change in changes)
        await asyncio.sleep(0.002)
    await writers
    await both.settle()
    changes, _ = await feed.read(cursor)
    seen.update(change.subject for change in changes)
    assert seen >= {f"{number}.{step}" for number in range(3) for step in range(10)}


async def _the_primary_is_stopped(both: Both, feed: StandbyFeed) -> None:
    config = DatabaseConfig(replica_url=both.servers.replica.dsn)
    reads = Reads(both.primary, SystemClock(), config)
    switches: list[bool] = []
    reads.on_switch = lambda: switches.append(reads.on_replica)
    await reads.start()
    await until(lambda: reads.on_replica)
    now = SystemClock().now()
    assert reads.as_of(now) == now
    cursor = await feed.start()
    await asyncio.to_thread(both.servers.primary.close)
    await until(lambda: reads.as_of(SystemClock().now()) < SystemClock().now())
    assert reads.on_replica
    assert await reads.ask(lambda db: db.fetchval("select count(*) from change")) > 0
    assert (await feed.read(cursor))[0] == []
    await asyncio.to_thread(both.servers.primary.open)
    await until(lambda: reads.as_of(now) == now)
    await asyncio.to_thread(both.servers.replica.close)
    await until(lambda: not reads.on_replica)
    assert await reads.ask(lambda db: db.fetchval("select 1")) == 1
    assert switches[-1] is False
    await asyncio.to_thread(both.servers.primary.close)
    with pytest.raises(Refusal) as refused:
        await reads.ask(lambda db: db.fetchval("select 1"))
    assert refused.value.reason is Reason.UNAVAILABLE
    await reads.close()
