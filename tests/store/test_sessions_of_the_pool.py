"""A connection goes back to the pool without being cleaned, so nobody may find what another left in it."""

import asyncio

import pytest

from registry.kernel.db import Database

SETTING = "select current_setting('statement_timeout')"
LOCK = 0x5A4D


async def test_an_exception_leaves_no_setting_and_no_lock(db: Database) -> None:
    """What was set in a block that ended with an exception is gone when the connection is used again."""
    small = await Database.open(db.dsn, size=1)
    before = await small.fetchval(SETTING)
    with pytest.raises(ZeroDivisionError):
        async with small.connection() as conn:
            await conn.execute("set statement_timeout = 1234")
            await conn.execute("select pg_advisory_lock($1)", LOCK)
            raise ZeroDivisionError
    assert await small.fetchval(SETTING) == before
    assert await db.fetchval("select pg_try_advisory_lock($1)", LOCK)
    await small.close()


async def test_a_cancelled_statement_leaves_a_usable_connection(db: Database) -> None:
    """A task that is cancelled in the middle of a transaction leaves a connection that serves the next one."""
    small = await Database.open(db.dsn, size=1)

    async def slow() -> None:
        async with small.transaction() as conn:
            await conn.execute("create temporary table leftover (one int)")
            await conn.execute("select pg_sleep(30)")

    task = asyncio.create_task(slow())
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await small.fetchval("select to_regclass('leftover')") is None
    await small.close()
