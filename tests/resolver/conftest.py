"""Zones and doors for the resolver's tests."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from registry.kernel.config import Config
from registry.kernel.db import Database
from registry.kernel.service import Parts
from resolver.service import DnsService, create
from tests.kit.clock import FakeClock

FIRST_FREE_PORT, FREE_PORTS = 10_000, 20_000


@pytest.fixture
async def zones_db(db: Database) -> Database:
    """A database with one registrar; both zones are there from the migration."""
    await db.execute(
        "insert into registrar (id, name, password_hash, created_at) values ('rar', '测试注册商', '', now())"
    )
    return db


@pytest.fixture
def dns_config(config: Config) -> Config:
    """The defaults on free ports, below those that the kernel gives to clients."""
    start = os.getpid() * 16 % FREE_PORTS
    bases = (FIRST_FREE_PORT + (start + step) % FREE_PORTS for step in range(0, FREE_PORTS, 16))
    return replace(config, port_base=next(base for base in bases if all(map(is_free, range(base, base + 5)))))


def is_free(port: int) -> bool:
    """Whether nobody listens there, neither over UDP nor over TCP."""
    for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
        with socket.socket(socket.AF_INET, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, kind == socket.SOCK_STREAM)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                return False
    return True


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
