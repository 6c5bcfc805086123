"""The register of :mod:`tests.whois.world`, and the three doors before it on real sockets.

The register is written once and cloned for every test, because its flows are slow beside what is tested here.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import asyncpg
import pytest
from aiohttp import ClientSession, web

from registry.flows.runner import Runner
from registry.kernel.config import Config, load_config
from registry.kernel.db import Database
from registry.kernel.feed import announce, wake
from registry.kernel.service import Parts
from registry.kernel.web.app import Context, build_app
from registry.rest.bearers import bearers
from tests.kit.clock import FakeClock
from tests.kit.database import TEMPLATE, TestDatabases
from tests.kit.ports import free_port_base
from tests.whois.world import World, build
from whois import service
from whois.rdap.door import RdapDoor
from whois.rdap.routes import routes as rdap_routes
from whois.web.routes import routes as web_routes

NUMBERS = count(1)  # the fixtures below serve two folders, each with a register of its own


@dataclass(frozen=True, slots=True)
class Doors:
    """Where the doors listen, and a client for the two of HTTP."""

    world: World
    config: Config
    client: ClientSession
    db: Database
    clock: FakeClock
    rdap: RdapDoor
    port43: service.Whois

    async def sees(self) -> None:
        """Say that something was changed behind the flows, and wait until both memories have forgotten what they knew."""
        async with self.db.transaction() as conn:
            await announce(conn, self.clock.now(), "tld.changed", "test")
        wake(self.db)
        await asyncio.sleep(0.3)

    @property
    def port(self) -> int:
        return self.config.port("whois")

    @property
    def url(self) -> str:
        return self.config.public_url


@dataclass(frozen=True, slots=True)
class Written:
    """The database that holds the register, and what was made in it."""

    name: str
    world: World


@pytest.fixture(scope="session")
def written(databases: TestDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    """The register, written once for this worker."""
    name = f"whois_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{next(NUMBERS)}"
    yield Written(name, asyncio.run(_write(databases, name, tmp_path_factory.mktemp("register"))))
    asyncio.run(_admin(databases, f"drop database {name} with (force)"))


async def _write(databases: TestDatabases, name: str, folder: Path) -> World:
    await _admin(databases, f"create database {name} template {TEMPLATE}")
    db = await Database.open(databases.dsn(name), size=4)
    try:
        return await build(Runner(db, FakeClock(), load_config(data=folder)))
    finally:
        await db.close()


async def _admin(databases: TestDatabases, sql: str) -> None:
    conn = await asyncpg.connect(databases.dsn("postgres"))
    try:
        await conn.execute(sql)
    finally:
        await conn.close()


@pytest.fixture
async def db(databases: TestDatabases, written: Written) -> AsyncIterator[Database]:
    """A copy of the register."""
    async with databases._named(written.name) as dsn:
        database = await Database.open(dsn, size=8)
        try:
            yield database
        finally:
            await database.close()


@pytest.fixture
def world(written: Written, runner: Runner) -> World:
    """What is in the copy, with a runner to change it."""
    return replace(written.world, runner=runner)


@pytest.fixture
def config(config: Config) -> Config:
    """Doors on free ports."""
    return replace(config, port_base=free_port_base())


@pytest.fixture
async def doors(world: World, config: Config, db: Database, clock: FakeClock) -> AsyncIterator[Doors]:
    """Port 43, RDAP and the pages, listening."""
    port43 = service.Whois(Parts(config, db, clock))
    await port43.start()
    lent = bearers(world.runner)
    rdap = RdapDoor(Parts(config, db, clock), lent)
    await rdap.start()
    context = Context(config, db, clock, extras={"bearers": lent, "rdap": rdap.desk, "lookups": rdap.lookups})
    app = build_app(context, [rdap_routes(context), web_routes(context)], assets=("whois.web",))
    serving = web.AppRunner(app, access_log=None)
    await serving.setup()
    lane = rdap.lane(serving.server)
    server = await asyncio.get_running_loop().create_server(lane, config.address, config.port("web"))
    async with ClientSession() as client:
        yield Doors(world, config, client, db, clock, rdap, port43)
    server.close()
    await serving.cleanup()
    await rdap.close()
    await port43.drain()
    await port43.close()
