"""Many clients at once at the same object, over TLS: exactly one outcome, and a history that tells one story."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from registry.flows.runner import Runner
from registry.kernel.config import Config
from registry.kernel.db import Database
from registry.model.snapshot import domain_snapshot
from registry.store import domains
from tests.epp import phrases as say
from tests.epp.tls_world import Client, Door, open_door
from tests.epp.world import TEST_ZONE

CLIENTS = 100
ROUNDS = 12
STRONG = "k7Qw-mN42rX9pLs81tVbZ0"
CODE = re.compile(rb'<result code="(\d+)"')


@pytest.fixture
async def door(db: Database, config: Config, tmp_path: Path) -> AsyncIterator[Door]:
    """A listening door with two registrars, each with a contact."""
    (tmp_path / "tls").mkdir()
    async with open_door(db, config, tmp_path / "tls") as opened:
        for name, contact in (("registrar-a", "rst-contact"), ("registrar-b", "rst-b")):
            client = await opened.log_in(name)
            assert await code_of(client, say.contact_create(contact)) == 1000
        yield opened


async def code_of(client: Client, document: bytes) -> int:
    found = CODE.search(await client.ask(document))
    assert found
    return int(found[1])


async def kinds_of(runner: Runner, name: str) -> list[str]:
    """What became of the domain of this name, as history, audit entries and change rows tell it: all three the same."""
    subjects = await runner.db.fetch("select distinct subject from history where snapshot ->> 'name' = $1", name)
    assert len(subjects) == 1
    told = []
    for table, column, key in (("history", "act", "id"), ("audit_entry", "act", "id"), ("change", "kind", "seq")):
        rows = await runner.db.fetch(
            f"select {column} as kind from {table} where subject = $1 order by {key}", subjects[0]["subject"]
        )
        told.append([row["kind"] for row in rows])
    assert told[0] == told[1] == told[2]
    return told[0]


async def check_last_snapshot(runner: Runner, name: str) -> None:
    """What history says last of a domain is what it is."""
    kept = await runner.db.fetchval(
        "select snapshot from history where snapshot ->> 'name' = $1 order by id desc limit 1", name
    )
    async with runner.db.connection() as conn:
        found = await domains.find(conn, name)
    assert found
    assert kept == domain_snapshot(found[0])


async def test_a_hundred_clients_create_the_same_name(door: Door) -> None:
    """One is told 1000 and ninety-nine 2302; there is one domain, one history row, one change."""
    clients = await asyncio.gather(*(door.log_in(f"registrar-{'ab'[number % 2]}") for number in range(CLIENTS)))
    name = f"race.{TEST_ZONE}"
    contacts = ("rst-contact", "rst-b")
    documents = [
        say.domain_create(name, registrant=contacts[number % 2], contacts=(("admin", contacts[number % 2]),))
        for number in range(CLIENTS)
    ]
    codes = Counter(await asyncio.gather(*map(code_of, clients, documents)))
    assert codes == {1000: 1, 2302: CLIENTS - 1}
    assert await door.runner.db.fetchval("select count(*) from domain where name = $1", name) == 1
    assert await kinds_of(door.runner, name) == ["domain.created"]
    await check_last_snapshot(door.runner, name)


async def test_transfer_and_update_at_once(door: Door) -> None:
    """While one registrar approves, another session of it updates: the update comes before the transfer or is refused."""
    a, also_a, b = [await door.log_in(f"registrar-{which}") for which in "aab"]
    proof = f"<domain:authInfo>{say.text('domain:pw', STRONG)}</domain:authInfo>"
    for number in range(ROUNDS):
        name = f"race-{number}.{TEST_ZONE}"
        assert await code_of(a, say.domain_create(name)) == 1000
        assert await code_of(a, say.domain_change(name, say.secret(STRONG))) == 1000
        asked, held = await asyncio.gather(
            code_of(b, say.named("domain", "transfer", name, proof, op="request")),
            code_of(also_a, say.status_change("domain", name, "add", "clientHold")),
        )
        assert asked == 1001  # clientHold forbids no transfer
        assert held in (1000, 2304)  # 2304: it came after the request, and the domain was pendingTransfer
        approved, changed = await asyncio.gather(
            code_of(a, say.named("domain", "transfer", name, op="approve")),
            code_of(also_a, say.status_change("domain", name, "add", "clientRenewProhibited")),
        )
        assert approved == 1000
        assert changed in (2201, 2304)  # it is pending, or it is another's by now
        kinds = await kinds_of(door.runner, name)
        assert kinds[0] == "domain.created"
        assert kinds.count("domain.transferred") == 1
        assert kinds[-1] == "domain.transferred"
        await check_last_snapshot(door.runner, name)


async def test_delete_and_renew_at_once(door: Door) -> None:
    """The name is gone whoever was first; a renewal that was acknowledged stands in the history before the end, never after it."""
    a, also_a = await door.log_in("registrar-a"), await door.log_in("registrar-a")
    for number in range(ROUNDS):
        name = f"race-{number}.{TEST_ZONE}"
        created = await a.ask(say.domain_create(name))
        expiry = re.search(rb"exDate>(\d{4}-\d\d-\d\d)", created)
        assert expiry, created
        asked = f"<domain:curExpDate>{expiry[1].decode()}</domain:curExpDate>"
        first, second = say.named("domain", "delete", name), say.named("domain", "renew", name, asked)
        if number % 2:
            renewed, deleted = await asyncio.gather(code_of(a, second), code_of(also_a, first))
        else:
            deleted, renewed = await asyncio.gather(code_of(a, first), code_of(also_a, second))
        assert deleted == 1000
        assert renewed in (1000, 2303)
        expected = ["domain.created", *(["domain.renewed"] if renewed == 1000 else []), "domain.purged"]
        assert await kinds_of(door.runner, name) == expected
        assert await door.runner.db.fetchval("select count(*) from domain where name = $1", name) == 0


async def test_a_hundred_clients_transfer_and_update_one_name(door: Door) -> None:
    """Fifty ask for the transfer, fifty of the sponsor change it: one request is taken, and what was changed came before it."""
    sponsor = await asyncio.gather(*(door.log_in("registrar-a") for _ in range(CLIENTS // 2)))
    gaining = await asyncio.gather(*(door.log_in("registrar-b") for _ in range(CLIENTS // 2)))
    name = f"race.{TEST_ZONE}"
    assert await code_of(sponsor[0], say.domain_create(name)) == 1000
    assert await code_of(sponsor[0], say.domain_change(name, say.secret(STRONG))) == 1000
    proof = f"<domain:authInfo>{say.text('domain:pw', STRONG)}</domain:authInfo>"
    asked = say.named("domain", "transfer", name, proof, op="request")
    changed = say.status_change("domain", name, "add", "clientHold")
    codes = await asyncio.gather(
        *(code_of(client, asked) for client in gaining), *(code_of(client, changed) for client in sponsor)
    )
    assert Counter(codes[: len(gaining)]) == {1001: 1, 2300: len(gaining) - 1}
    held = Counter(codes[len(gaining) :])
    assert held[1000] <= 1
    assert set(held) <= {1000, 2304, 2306}  # pendingTransfer, or there already
    approved = Counter(
        await asyncio.gather(
            *(code_of(client, say.named("domain", "transfer", name, op="approve")) for client in sponsor)
        )
    )
    assert approved[1000] == 1
    assert set(approved) <= {1000, 2201, 2301}
    kinds = await kinds_of(door.runner, name)
    assert kinds.count("domain.transferred") == 1
    assert kinds[-1] == "domain.transferred"
    await check_last_snapshot(door.runner, name)


async def test_a_hundred_clients_delete_and_renew_one_name(door: Door) -> None:
    """One deletion is taken; of renewals that name the same expiry at most one; nothing follows the end."""
    clients = await asyncio.gather(*(door.log_in("registrar-a") for _ in range(CLIENTS)))
    name = f"race.{TEST_ZONE}"
    created = await clients[0].ask(say.domain_create(name))
    expiry = re.search(rb"exDate>(\d{4}-\d\d-\d\d)", created)
    assert expiry, created
    renew = say.named("domain", "renew", name, f"<domain:curExpDate>{expiry[1].decode()}</domain:curExpDate>")
    delete = say.named("domain", "delete", name)
    documents = [renew if number % 2 else delete for number in range(CLIENTS)]
    codes = await asyncio.gather(*map(code_of, clients, documents))
    deleted, renewed = Counter(codes[::2]), Counter(codes[1::2])
    assert deleted == {1000: 1, 2303: CLIENTS // 2 - 1}
    assert renewed[1000] <= 1
    assert set(renewed) <= {1000, 2303, 2306}
    expected = ["domain.created", *(["domain.renewed"] if renewed[1000] else []), "domain.purged"]
    assert await kinds_of(door.runner, name) == expected
