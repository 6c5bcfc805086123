"""Fixtures that every test may ask for."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from registry.flows.runner import Runner
from registry.kernel.config import Config, load_config
from registry.kernel.db import Database
from tests.kit.clock import FakeClock
from tests.kit.database import TestDatabases


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestDatabases]:
    """The PostgreSQL of this run: real, embedded, without durable writes."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    base = tmp_path_factory.getbasetemp()
    made = TestDatabases((base if worker == "main" else base.parent) / "pg", worker)
    made.start()
    yield made
    made.stop()


@pytest.fixture
async def db(databases: TestDatabases) -> AsyncIterator[Database]:
    """A fresh migrated database."""
    async with databases.clone() as database:
        yield database


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands at 2026-06-01 01:00 UTC until the test moves it."""
    return FakeClock()


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Defaults, with a data directory of the test's own."""
    return load_config(data=tmp_path / "data")


@pytest.fixture
def runner(db: Database, clock: FakeClock, config: Config) -> Runner:
    """Runs acts on the fresh database."""
    return Runner(db, clock, config)
