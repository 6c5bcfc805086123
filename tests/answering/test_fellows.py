"""Several processes on one port: they answer alike, follow together, share their memory, and replace one another."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import dns.message
import dns.rcode
import pytest

from registry.kernel.config import Config
from registry.kernel.db import Database
from registry.kernel.feed import wake
from registry.kernel.service import Parts
from resolver.service import DnsService, create
from tests.kit.clock import FakeClock
from tests.resolver.made import GOV, ORG, ask
from tests.resolver.register import put_host, register

WORKERS = 3


@pytest.fixture
async def three(zones_db: Database, dns_config: Config, clock: FakeClock) -> AsyncIterator[tuple[DnsService, Config]]:
    """The service with two fellows."""
    config = replace(dns_config, workers=WORKERS, dns=replace(dns_config.dns, rate_limit=0))
    made = create(Parts(config, zones_db, clock))
    await made.start()
    yield made, config
    await made.drain()
    await made.close()


def fellows() -> list[int]:
    """The processes below this one that were forked from it."""
    mine = Path(f"/proc/{os.getpid()}/cmdline").read_bytes()
    pids = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return [int(pid) for pid in pids if Path(f"/proc/{pid}/cmdline").read_bytes() == mine]


async def answers(config: Config, packet: bytes, times: int = 24) -> list[dns.message.Message]:
    """What is said to one question from as many ports as it takes to be dealt to every process."""
    return [await answered(config, packet) for _ in range(times)]


async def answered(config: Config, packet: bytes) -> dns.message.Message:
    """One answer. Like any client it asks again after a second: a datagram that lay with a process that was replaced is lost."""
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.setblocking(False)
        await loop.sock_connect(client, ("127.0.0.1", config.port("dns")))
        for _ in range(5):
            await loop.sock_sendall(client, packet)
            with suppress(TimeoutError):
                return dns.message.from_wire(await asyncio.wait_for(loop.sock_recv(client, 4096), 1))
    raise TimeoutError


async def expect_soon(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110  # other processes make it true
            await asyncio.sleep(0.02)


async def expect_said(config: Config, packet: bytes, wanted: Callable[[dns.message.Message], bool]) -> None:
    """Until every one of a row of answers, from all processes, is as wanted."""
    async with asyncio.timeout(30):
        while not all(map(wanted, await answers(config, packet))):  # noqa: ASYNC110  # other processes make it true
            await asyncio.sleep(0.02)


async def test_all_processes_follow_every_change(three: tuple[DnsService, Config], zones_db: Database) -> None:
    """A committed name is answered by all three soon, under one serial, with good signatures of each."""
    _, config = three
    assert len(fellows()) == WORKERS - 1
    async with zones_db.transaction() as conn:
        await put_host(conn, "ns1.example.com")
    name = f"foo.{GOV}"
    await register(zones_db, name, servers=["ns1.example.com"])
    await expect_said(config, ask(name, "NS"), lambda said: bool(said.authority) and said.rcode() == dns.rcode.NOERROR)
    serials = {said.answer[0][0].serial for said in await answers(config, ask(GOV, "SOA"))}

    assert len(serials) == 1


async def test_a_process_that_dies_is_replaced_with_what_it_missed(
    three: tuple[DnsService, Config], zones_db: Database
) -> None:
    """Killed by force: another comes with the present zones, and the questions are answered all the while."""
    _, config = three
    async with zones_db.transaction() as conn:
        await put_host(conn, "ns1.example.com")
    before = set(fellows())
    os.kill(min(before), signal.SIGKILL)
    await register(zones_db, f"foo.{GOV}", servers=["ns1.example.com"])
    await expect_soon(lambda: len(set(fellows()) - before) == 1)
    await expect_said(config, ask(f"foo.{GOV}", "NS"), lambda said: bool(said.authority) and not said.answer)


async def test_a_new_zone_replaces_all_fellows(three: tuple[DnsService, Config], zones_db: Database) -> None:
    """What is no change of delegations comes by a fork anew."""
    _, config = three
    before = set(fellows())
    await zones_db.execute(
        "insert into tld (name, unicode, tld_set, table_id, verification, created_at) values ('test', 'test', 'cn', 'zh', 'none', now())"
    )
    async with zones_db.transaction() as conn:
        await put_host(conn, "ns1.example.com")
    await register(zones_db, "foo.test", servers=["ns1.example.com"])
    wake(zones_db)
    await expect_soon(lambda: len(fellows()) == WORKERS - 1 and not before & set(fellows()))

    await expect_said(config, ask("foo.test", "NS"), lambda said: bool(said.authority))


async def test_questions_to_all_processes_are_counted_together(
    zones_db: Database, dns_config: Config, clock: FakeClock
) -> None:
    """What three processes answered stands in one row of the hour."""
    config = replace(dns_config, workers=WORKERS, dns=replace(dns_config.dns, rate_limit=0))
    made = create(Parts(config, zones_db, clock))
    await made.start()
    await answers(config, ask(ORG, "SOA"), times=60)
    await asyncio.sleep(1.5)
    await made.drain()
    await made.close()

    assert await zones_db.fetchval("select number from published.query_hour where zone = $1 and key = 'SOA'", ORG) == 60


async def test_a_stopped_service_leaves_no_process(zones_db: Database, dns_config: Config, clock: FakeClock) -> None:
    """After a stop nobody answers on the port and no fellow is left."""
    config = replace(dns_config, workers=2)
    made = create(Parts(config, zones_db, clock))
    await made.start()
    assert len(fellows()) == 1
    await made.drain()
    await made.close()

    assert not fellows()
