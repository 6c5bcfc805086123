"""Transactions: retried when the database chose a victim, polite when it is away."""

import asyncio

import pytest

from registry.kernel.db import Connection, Database, Record
from registry.kernel.errors import Reason, Refusal
from tests.kit.database import TestDatabases


async def test_victims_of_a_deadlock_are_tried_again(db: Database) -> None:
    """Two acts that lock the same rows in opposite order both succeed."""
    await db.execute("create table t (id int primary key, n int not null)")
    await db.execute("insert into t values (1, 0), (2, 0)")

    async def act(first: int, second: int) -> None:
        async def work(conn: "Connection[Record]") -> None:
            await conn.execute("update t set n = n + 1 where id = $1", first)
            await asyncio.sleep(0.05)
            await conn.execute("update t set n = n + 1 where id = $1", second)

        await db.run(work)

    await asyncio.gather(act(1, 2), act(2, 1))

    assert [row["n"] for row in await db.fetch("select n from t order by id")] == [2, 2]


async def test_serialization_failures_are_tried_again(db: Database) -> None:
    """Thirty serializable increments of one row all count."""
    await db.execute("create table t (n int not null)")
    await db.execute("insert into t values (0)")

    async def work(conn: "Connection[Record]") -> None:
        seen = await conn.fetchval("select n from t")
        await conn.execute("update t set n = $1", seen + 1)

    for _ in range(10):
        await asyncio.gather(*(db.run(work, "serializable") for _ in range(3)))

    assert await db.fetchval("select n from t") == 30


async def test_a_refusal_rolls_everything_back(db: Database) -> None:
    """What an act wrote before it refused is not there."""
    await db.execute("create table t (n int)")

    async def work(conn: "Connection[Record]") -> None:
        await conn.execute("insert into t values (1)")
        raise Refusal(Reason.POLICY_FORBIDS, "不", "no")

    with pytest.raises(Refusal):
        await db.run(work)

    assert await db.fetchval("select count(*) from t") == 0


async def test_a_database_that_is_away_is_unavailable_and_comes_back(db: Database) -> None:
    """A cut connection is a refusal UNAVAILABLE that asks to try again, and the next attempt works."""
    async with db.transaction() as conn:
        pid = await conn.fetchval("select pg_backend_pid()")
    with pytest.raises(Refusal) as refused:
        async with db.transaction() as conn:
            mine = await conn.fetchval("select pg_backend_pid()")
            await db.execute("select pg_terminate_backend($1)", mine)
            await asyncio.sleep(0.05)
            await conn.fetchval("select 1")

    assert refused.value.reason is Reason.UNAVAILABLE
    assert await db.fetchval("select pg_backend_pid()") != pid


async def test_a_server_that_does_not_exist_is_an_error_at_once(databases: TestDatabases) -> None:
    """Opening waits only as long as it was told."""
    with pytest.raises(OSError, match="No such file"):
        await Database.open("postgresql://zhengming@/x?host=/nonexistent")
