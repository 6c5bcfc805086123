"""The portal of ``world``, running. The country is filled once a run and cloned for each test."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from registry.flows.runner import Runner
from registry.kernel.config import load_config
from registry.kernel.db import Database
from tests.kit.clock import FakeClock
from tests.kit.database import TEMPLATE, TestDatabases
from tests.portal.world import Portal, populate, serving


@pytest.fixture(scope="session")
def filled(databases: TestDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a database with the bodies, the people and the registrar of the portal."""
    name = f"template_portal_{databases._worker}"

    async def fill() -> None:
        await databases._admin(f"create database {name} template {TEMPLATE}")
        db = await Database.open(databases.dsn(name), size=4)
        try:
            await populate(Runner(db, FakeClock(), load_config(data=tmp_path_factory.mktemp("country"))))
        finally:
            await db.close()

    asyncio.run(fill())
    yield name
    asyncio.run(databases._admin(f"drop database {name} with (force)"))


@pytest.fixture
async def db(databases: TestDatabases, filled: str) -> AsyncIterator[Database]:
    """A fresh clone of that country."""
    async with databases._named(filled) as dsn:
        database = await Database.open(dsn, size=20)
        try:
            yield database
        finally:
            await database.close()


@pytest.fixture
def country(runner: Runner) -> Runner:
    """Bodies, people and the registrar of the portal, without the door."""
    return runner


@pytest.fixture
async def portal(country: Runner, clock: FakeClock) -> AsyncIterator[Portal]:
    """The same with the door open."""
    async with serving(country, clock) as running:
        yield running
