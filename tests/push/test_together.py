"""Several provinces at once, over HTTP, on two servers of one database."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from registry.flows.establishment import push_batch
from registry.flows.runner import Runner
from registry.kernel.db import Database
from registry.kernel.web.app import Context, build_app
from registry.rest.app import routes
from registry.store.body_import import lock_imports, unlock_imports
from tests.push.conftest import BATCHES, HUNAN, Sender, new_client, row, sign_in
from tests.push.serving import until

CITIES = {"43": "430100", "44": "440100"}
ROUNDS = 6
WAITING = """
select count(*) = $1 from pg_locks where locktype = 'advisory' and not granted
and database = (select oid from pg_database where datname = current_database())"""
OWN = 40  # rows of the sender in each batch, and as many of the other province


@pytest.fixture
async def second(runner: Runner) -> "AsyncIterator[TestClient[Any, Any]]":
    """Another process would look the same: its own places, its own turn, the same database."""
    context = Context(runner.config, runner.db, runner.clock, runner)
    async with TestClient(TestServer(build_app(context, [routes(context)]))) as started:
        yield started


def mixed(sender: str, turn: int) -> list[dict[str, object]]:
    """Rows of the sender, and between them rows under codes of the other province, with names that betray who wrote them."""
    other = "44" if sender == "43" else "43"
    numbers = range(turn * OWN, (turn + 1) * OWN)
    pairs = [
        (
            row(n, f"{sender}报送的第{n}局", CITIES[sender], level="city"),
            row(n, f"{sender}冒充的第{n}局", CITIES[other], level="city"),
        )
        for n in numbers
    ]
    return [one for pair in pairs for one in pair]


async def test_two_provinces_at_once_each_get_their_own_rows_only(
    hunan: Sender, guangdong: Sender, second: "TestClient[Any, Any]", db: Database
) -> None:
    """However the batches meet, a province writes what is its own and nothing else; what is foreign is refused by row."""
    elsewhere = Sender(second, guangdong.account, guangdong.token)

    async def push_all(sender: Sender) -> None:
        for turn in range(ROUNDS):
            status, told = await sender.push(f"turn-{turn}", *mixed(sender.account.centre, turn))
            assert status == 201, told
            assert told["counts"] == {"inserted": OWN, "updated": 0, "unchanged": 0, "rejected": OWN}
            assert [one["row"] for one in told["rejections"]] == list(range(2, 2 * OWN + 1, 2))
            assert {(p["where"], p["reason"]) for one in told["rejections"] for p in one["problems"]} == {
                ("region", "not_permitted")
            }

    await asyncio.gather(push_all(hunan), push_all(elsewhere))
    counted = await db.fetch(
        "select left(region, 2) as province, left(name, 4) as said, count(*) as n from body group by 1, 2"
    )
    assert {(one["province"], one["said"], one["n"]) for one in counted} == {
        ("43", "43报送", ROUNDS * OWN),
        ("44", "44报送", ROUNDS * OWN),
    }
    assert await db.fetchval("select count(*) from import_run where state = 'applied'") == 2 * ROUNDS
    assert await db.fetchval("select count(*) from import_row") == 0


async def test_one_key_sent_to_two_servers_at_once_is_carried_out_once(
    hunan: Sender, second: "TestClient[Any, Any]", db: Database
) -> None:
    """Both get the same answer, and there is one import."""
    twin = Sender(second, hunan.account, hunan.token)
    rows = [row(number, f"长沙县第{number}局") for number in range(200)]
    async with db.connection() as conn:  # holds both until they are at the same place
        await lock_imports(conn)
        both = [asyncio.create_task(sender.push("once", *rows)) for sender in (hunan, twin)]
        await until(db, WAITING, 2)
        await unlock_imports(conn)
    one, other = await asyncio.gather(*both)
    assert one == other
    assert one[0] == 201
    assert await db.fetchval("select count(*) from import_run where state = 'applied'") == 1
    assert await db.fetchval("select count(*) from push_batch") == 1
    assert await db.fetchval("select count(*) from audit_entry where act = 'establishment.push'") == 1


async def test_one_key_with_two_batches_at_once_is_one_of_them(
    hunan: Sender, second: "TestClient[Any, Any]", db: Database
) -> None:
    """The other one is refused, and nothing of it is there."""
    twin = Sender(second, hunan.account, hunan.token)
    answers = await asyncio.gather(hunan.push("k", row(1, "长沙县甲局")), twin.push("k", row(2, "长沙县乙局")))
    assert sorted(status for status, _ in answers) == [201, 422]
    assert await db.fetchval("select count(*) from body") == 1


async def test_who_waits_too_long_for_his_turn_is_told_to_come_back(
    hunan: Sender, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a long import runs a batch is put off with a time to come back; afterwards the same request goes through."""
    monkeypatch.setattr(push_batch, "PATIENCE_SECONDS", 0.2)
    async with db.connection() as conn:
        await lock_imports(conn)
        status, told = await hunan.push("k", row(1, "长沙县教育局"))
        await unlock_imports(conn)
    assert (status, told["reason"]) == (503, "unavailable")
    assert told["evidence"]["retry_after"] > 0
    assert (await hunan.push("k", row(1, "长沙县教育局")))[0] == 201


async def test_a_client_that_is_revoked_while_it_waits_writes_nothing(hunan: Sender, db: Database) -> None:
    """Whether it may is asked again inside the transaction of the import."""
    async with db.connection() as conn:
        await lock_imports(conn)
        waiting = asyncio.create_task(hunan.push("k", row(1, "长沙县教育局")))
        await until(db, WAITING, 1)
        await conn.execute("update centre_client set revoked_at = now(), revoked_by = 'test'")
        await unlock_imports(conn)
    status, told = await waiting
    assert (status, told["reason"]) == (401, "credentials_wrong")
    assert await db.fetchval("select count(*) from body") == 0
    assert await db.fetchval("select count(*) from import_run where state = 'applied'") == 0


async def test_thirty_clients_at_once_are_all_served_in_the_end(
    runner: Runner, http: "TestClient[Any, Any]", db: Database
) -> None:
    """More than there are places and connections: each gets through, by coming back when it is told to, and pages go on being served."""
    senders = [await sign_in(http, await new_client(runner, HUNAN)) for _ in range(30)]

    async def insist(number: int, sender: Sender) -> None:
        for pause in range(1, 100):
            status, told = await sender.push("k", row(number, f"长沙县第{number}局"))
            if status != 503:
                break
            assert told["evidence"]["retry_after"] > 0
            await asyncio.sleep(0.01 * pause)
        assert status == 201

    await asyncio.gather(*(insist(number, sender) for number, sender in enumerate(senders)))
    assert await db.fetchval("select count(*) from body") == 30
    assert (await senders[0].get(BATCHES))[0] == 200
