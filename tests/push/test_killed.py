"""``kill -9`` of the server while a batch is on its way: the register is as before or as after, and the key tells which."""

import asyncio
import http.client
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientError, ClientSession

from registry.flows.act import Act
from registry.flows.establishment.create_client import CentreClient, CreateCentreClient, create_centre_client
from registry.flows.runner import Runner
from registry.kernel.clock import SystemClock
from registry.kernel.config import Config
from registry.kernel.db import Database
from tests.kit.database import TestDatabases
from tests.push.conftest import BATCHES, CALLER, HUNAN, row
from tests.push.serving import Serving, until

ROWS = 300
WAITS = """
select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%' || $1 || '%')"""
ALONE = """
select count(*) = 0 from pg_locks where locktype = 'advisory'
and database = (select oid from pg_database where datname = current_database())"""


@pytest.fixture
async def register(databases: TestDatabases) -> AsyncIterator[Database]:
    """A migrated database whose URL a process of its own may use."""
    async with databases.clone_dsn() as dsn:
        db = await Database.open(dsn, size=4)
        yield db
        await db.close()


@pytest.fixture
async def account(register: Database, config: Config) -> CentreClient:
    """A client of a province."""

    async def flow(act: Act) -> CentreClient:
        return await create_centre_client(act, CreateCentreClient(HUNAN))

    return await Runner(register, SystemClock(), config).run(CALLER, flow)


async def push(server: Serving, account: CentreClient, key: str, names: str) -> tuple[int, dict[str, Any]]:
    """Sign in and send a batch of bodies named alike."""
    form = {"grant_type": "client_credentials", "client_id": account.client_id, "client_secret": account.secret}
    rows = [row(number, f"长沙县第{number}{names}") for number in range(ROWS)]
    async with ClientSession(server.url) as session:
        async with session.post("/api/v1/token", data=form) as answer:
            token = (await answer.json())["access_token"]
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
        async with session.post(BATCHES, json={"rows": rows}, headers=headers) as answer:
            return answer.status, json.loads(await answer.text())


async def kill_at(server: Serving, db: Database, account: CentreClient, held: str, statement: str) -> None:
    """Hold a lock that ``statement`` needs, send a batch, and kill the server when it stands there."""
    async with db.transaction() as conn:
        await conn.execute(held)
        pushing = asyncio.create_task(push(server, account, "k", "小学"))
        await until(db, WAITS, statement)
        server.kill()
        with pytest.raises((ClientError, http.client.HTTPException, OSError)):
            await pushing
    await until(db, ALONE)


async def test_killed_in_the_merge_nothing_is_there(register: Database, account: CentreClient, tmp_path: Path) -> None:
    """Bodies, batch, tasks and audit entry are as before; the batch sent again under its key comes in whole, once."""
    with Serving(register.dsn, tmp_path) as server:
        await kill_at(server, register, account, "lock table push_batch in share mode", "insert into push_batch")
        for table in (
            "body",
            "body_name",
            "push_batch",
            "history where object = 'body'",
            "change where kind like 'body%'",
        ):
            assert await register.fetchval(f"select count(*) from {table}") == 0, table
        assert await register.fetchval("select count(*) from audit_entry where act like 'establishment%'") == 0
        server.start()
        status, told = await push(server, account, "k", "小学")
        assert (status, told["counts"]["inserted"]) == (201, ROWS)
        assert await push(server, account, "k", "小学") == (status, told)
    assert await register.fetchval("select count(*) from body") == ROWS
    assert await register.fetchval("select count(*) from import_run where state = 'applied'") == 1
    assert await register.fetchval("select count(*) from import_row") == 0


async def test_killed_before_the_answer_everything_is_there(
    register: Database, account: CentreClient, tmp_path: Path
) -> None:
    """The batch was committed and its answer lost: the same request gets that answer, and the register is not touched again."""
    with Serving(register.dsn, tmp_path) as server:
        await kill_at(server, register, account, "lock table body_key in exclusive mode", "delete from body_key")
        assert await register.fetchval("select count(*) from body") == ROWS
        written = await register.fetchval("select max(imported_at) from body")
        server.start()
        status, told = await push(server, account, "k", "小学")
        assert (status, told["state"], told["counts"]["inserted"]) == (201, "applied", ROWS)
        status, refused = await push(server, account, "k", "中学")
        assert (status, refused["where"]) == (422, "Idempotency-Key")
    assert await register.fetchval("select max(imported_at) from body") == written
    assert await register.fetchval("select count(*) from push_batch") == 1
    assert await register.fetchval("select count(*) from audit_entry where act = 'establishment.push'") == 1


async def test_killed_at_any_moment_the_key_tells_the_truth(
    register: Database, account: CentreClient, tmp_path: Path
) -> None:
    """Wherever the blow falls, all of a batch is there or nothing, and the batch sent again makes it all."""
    with Serving(register.dsn, tmp_path) as server:
        for turn in range(2):
            pushing = asyncio.create_task(push(server, account, f"k{turn}", f"所{turn}"))
            await asyncio.sleep(0.06 + turn * 0.1)
            server.kill()
            await asyncio.gather(pushing, return_exceptions=True)
            await until(register, ALONE)
            there = await register.fetchval("select count(*) from body where name like '%所' || $1", str(turn))
            known = await register.fetchval("select count(*) from push_batch where key = $1", f"k{turn}")
            assert there == ROWS * known, turn
            server.start()
            status, told = await push(server, account, f"k{turn}", f"所{turn}")
            assert (status, told["counts"]["inserted"] + told["counts"]["updated"]) == (201, ROWS)
            assert await register.fetchval("select count(*) from body where name like '%所' || $1", str(turn)) == ROWS
    assert await register.fetchval("select count(*) from push_batch") == 2
