"""The database behind a network that cuts, stalls and trickles."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from registry.kernel.db import Database
from registry.kernel.errors import Reason, Refusal
from registry.kernel.feed import Feed, announce
from tests.kit.clock import START
from tests.kit.database import TestDatabases
from tests.kit.faults import FaultProxy


@pytest.fixture
async def proxied(databases: TestDatabases, tmp_path: Path) -> AsyncIterator[tuple[Database, FaultProxy]]:
    """A database that is reached through the fault proxy."""
    async with databases.clone_dsn() as dsn:
        address, _, sockets = dsn.partition("?host=")
        proxy = FaultProxy(f"{sockets}/.s.PGSQL.5432")
        folder = tmp_path / "s"
        folder.mkdir()
        await proxy.start(str(folder / ".s.PGSQL.5432"))
        db = await Database.open(f"{address}?host={folder}", size=5)
        yield db, proxy
        await db.close()
        await proxy.close()


async def test_a_cut_is_a_refusal_and_the_next_call_works(proxied: tuple[Database, FaultProxy]) -> None:
    """Connections that are reset in the middle of a statement give UNAVAILABLE; the pool heals by itself."""
    db, proxy = proxied
    running = asyncio.create_task(db.fetchval("select pg_sleep(30)"))
    await asyncio.sleep(0.2)
    proxy.cut()
    with pytest.raises(Refusal) as refused:
        await asyncio.wait_for(running, 10)

    assert refused.value.reason is Reason.UNAVAILABLE
    assert await db.fetchval("select 1") == 1


async def test_a_database_that_takes_no_connection_is_unavailable_until_it_does(
    proxied: tuple[Database, FaultProxy],
) -> None:
    """While it refuses, every call is UNAVAILABLE at once; when it is back, so are we."""
    db, proxy = proxied
    proxy.cut(refuse=True)
    await asyncio.sleep(0.1)
    with pytest.raises(Refusal):
        await asyncio.wait_for(db.fetchval("select 1"), 10)
    proxy.resume()

    assert await db.fetchval("select 1") == 1


async def test_a_cut_before_the_commit_leaves_nothing(proxied: tuple[Database, FaultProxy]) -> None:
    """A transaction whose connection dies is not there afterwards, not in part either."""
    db, proxy = proxied
    with pytest.raises(Refusal):
        async with db.transaction() as conn:
            await announce(conn, START, "domain.created", "lost")
            proxy.cut()
            await asyncio.sleep(0.1)
            await conn.fetchval("select 1")

    assert await db.fetchval("select count(*) from change") == 0


async def test_a_trickling_line_is_slow_and_right(proxied: tuple[Database, FaultProxy]) -> None:
    """Answers that come in pieces of seven octets are whole."""
    db, proxy = proxied
    proxy.piece_bytes = 7
    assert await db.fetchval("select repeat('正名', 1000)") == "正名" * 1000


async def test_a_follower_goes_on_after_a_stall_and_a_cut(proxied: tuple[Database, FaultProxy]) -> None:
    """What was committed while the line was dead comes when it lives again, once."""
    db, proxy = proxied
    feed = Feed(db)
    async with feed.snapshot() as (_, cursor):
        pass
    stream = feed.follow(cursor)
    waiting = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0.1)
    proxy.stall()
    await asyncio.sleep(0.2)
    proxy.cut()
    proxy.resume()
    await asyncio.sleep(0.1)
    async with db.transaction() as conn:
        await announce(conn, START, "domain.created", "after")
    changes, _ = await asyncio.wait_for(waiting, 20)
    await stream.aclose()

    assert [change.subject for change in changes] == ["after"]
