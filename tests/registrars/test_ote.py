"""OT&E beside production: the whole product twice, and nothing of the one in the other."""

import asyncio
import dataclasses
import json
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from registry.cli.instance import PORT_STEP, as_ote, claim
from registry.epp.conversation import server_id
from registry.flows.runner import Runner
from registry.kernel.config import load_config
from registry.kernel.db import Database
from registry.kernel.errors import Fault
from tests.epp import phrases as say
from tests.epp.tls_world import Client
from tests.epp.world import build_world
from tests.kit.system import System
from tests.registrars.place import login

NAME = "only-in-ote.zz--main-1234"


def test_ote_has_its_own_folder_and_ports(tmp_path: Path) -> None:
    """Without further words it lies below production's folder and a hundred ports above; what is named is taken as named."""
    config = load_config(data=tmp_path, port_base=9000, demo=True)
    own = as_ote(config, has_data=False, has_port=False)
    assert (own.data, own.port_base, own.ote, own.demo) == (tmp_path / "ote", 9000 + PORT_STEP, True, False)
    named = as_ote(config, has_data=True, has_port=True)
    assert (named.data, named.port_base) == (tmp_path, 9000)
    assert "OT&E" in server_id(own)
    assert "OT&E" not in server_id(config)
    assert len(server_id(own)) <= 64


async def test_a_database_is_of_one_kind(db: Database, runner: Runner) -> None:
    """What was production's is never OT&E's and the other way round; one that holds registrars is not made OT&E's."""
    ote = dataclasses.replace(runner.config, ote=True)
    await build_world(runner)
    with pytest.raises(Fault):
        await claim(ote, db)
    await claim(runner.config, db)
    await claim(runner.config, db)
    with pytest.raises(Fault):
        await claim(ote, db)
    await db.execute("update instance set kind = 'ote'")
    await claim(ote, db)
    with pytest.raises(Fault):
        await claim(runner.config, db)


class OteSystem(System):
    """``zhengming up --ote``."""

    def __init__(self, data: Path) -> None:
        super().__init__(data, demo=False)
        self._arguments = ["--ote"]

    @property
    def ote_accounts(self) -> list[dict[str, Any]]:
        accounts: list[dict[str, Any]] = json.loads((self.data / "accounts" / "accounts.json").read_text())[
            "registrars"
        ]
        return accounts

    async def client(self, account: dict[str, Any]) -> Client:
        context = ssl.create_default_context(cafile=str(self.data / "accounts" / "ca.pem"))
        context.load_cert_chain(account["cert"], account["key"])
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", self.port("epp"), ssl=context, server_hostname="localhost"
        )
        client = Client(reader, writer)
        client.greeting = await client.receive()
        return client


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[System, OteSystem]]:
    """Production, empty, and OT&E beside it."""
    folder = tmp_path_factory.mktemp("both")
    with System(folder / "production", demo=False) as production, OteSystem(folder / "practice") as practice:
        yield production, practice


@pytest.mark.story
@pytest.mark.xdist_group("story")
async def test_a_name_in_ote_is_not_in_production(both: tuple[System, OteSystem]) -> None:
    """A registrar practises with its OT&E account: greeting and server id say OT&E, OT&E's DNS has the name, production's has not.

    Its OT&E certificate opens nothing in production.
    """
    production, practice = both
    account = practice.ote_accounts[0]
    client = await practice.client(account)
    assert b"OT&amp;E" in client.greeting
    assert b'code="1000"' in await client.ask(login(account["id"], account["password"]))
    assert b'code="1000"' in await client.ask(say.contact_create("rst-contact"))
    for host in ("ns1.ote.icann", "ns2.ote.icann"):
        assert b'code="1000"' in await client.ask(say.host_create(host))
    assert b'code="1000"' in await client.ask(say.domain_create(NAME, hosts=("ns1.ote.icann", "ns2.ote.icann")))
    await client.close()
    assert await told(practice, NAME)
    assert not await told(production, NAME, seconds=0.0)
    with pytest.raises((ssl.SSLError, OSError, EOFError)):
        await knock(production, account, practice.data)


async def told(system: System, name: str, seconds: float = 5.0) -> bool:
    """Whether the system's DNS delegates the name, within the time."""
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        answer = await asyncio.to_thread(dig_ns, system, name)
        if "ns1.ote.icann" in answer or asyncio.get_running_loop().time() >= deadline:
            return "ns1.ote.icann" in answer
        await asyncio.sleep(0.1)


def dig_ns(system: System, name: str) -> str:
    command = ["dig", "@127.0.0.1", "-p", str(system.port("dns")), "+norecurse", "+time=2", "+tries=1", name, "NS"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


async def knock(system: System, account: dict[str, Any], data: Path) -> None:
    """Try the OT&E certificate at production's door."""
    context = ssl.create_default_context(cafile=str(system.data / "keys" / "client-ca.pem"))
    context.load_cert_chain(account["cert"], account["key"])
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", system.port("epp"), ssl=context, server_hostname="localhost"
    )
    client = Client(reader, writer)
    try:
        await client.receive()
    finally:
        await client.close()
    assert data.exists()


@pytest.mark.story
@pytest.mark.xdist_group("story")
def test_ote_is_emptied_and_keeps_its_accounts(both: tuple[System, OteSystem]) -> None:
    """A running OT&E is not reset; a stopped one loses its names and keeps accounts, passwords and certificates. More accounts come in pairs."""
    _, practice = both
    before = practice.ote_accounts
    refused = reset(practice)
    assert refused.returncode == 1
    assert "OT&E" in refused.stderr
    practice.stop()
    done = reset(practice)
    assert done.returncode == 0, done.stderr
    added = practice.cli("ote", "account", "agency")
    assert [one["id"] for one in json.loads(added.stdout)["registrars"]] == ["agency-1", "agency-2"]
    practice.start()
    assert practice.ote_accounts[: len(before)] == before
    assert "ns1.ote.icann" not in dig_ns(practice, NAME)

    async def enters() -> bytes:
        client = await practice.client(practice.ote_accounts[-1])
        account = practice.ote_accounts[-1]
        try:
            return await client.ask(login(account["id"], account["password"]))
        finally:
            await client.close()

    assert b'code="1000"' in asyncio.run(enters())


def reset(system: System) -> "subprocess.CompletedProcess[str]":
    return system.cli("ote", "reset", "--yes", check=False)
