"""Zones and doors for the resolver's tests."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from registry.kernel.config import Config
from registry.kernel.db import Database
from registry.kernel.service import Parts
from resolver.service import DnsService, create
from tests.kit.clock import FakeClock


@pytest.fixture
async def zones_db(db: Database) -> Database:
    """A database with one registrar; both zones are there from the migration."""
    await db.execute(
        "insert into registrar (id, name, password_hash, created_at) values ('rar', '测试注册商', '', now())"
    )
    return db


@pytest.fixture
def dns_config(config: Config) -> Config:
    """The defaults on free ports."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return replace(config, port_base=probe.getsockname()[1] % 50000 + 10000)


@pytest.fixture
async def service(zones_db: Database, dns_config: Config, clock: FakeClock) -> AsyncIterator[DnsService]:
    """The DNS service, serving."""
    made = create(Parts(dns_config, zones_db, clock))
    await made.start()
    yield made
    await made.drain()
    await made.close()


async def run(*command: str) -> str:
    """Standard output of a program; fails on a non-zero exit."""
    process = await asyncio.create_subprocess_exec(*command, stdout=-1, stderr=-2)
    out, _ = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 0, out.decode()
    return out.decode()
