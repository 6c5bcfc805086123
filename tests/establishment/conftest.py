"""A database for processes of their own."""

from collections.abc import AsyncIterator

import pytest

from registry.kernel.db import Database
from tests.kit.database import TestDatabases


@pytest.fixture
async def register(databases: TestDatabases) -> AsyncIterator[Database]:
    """A migrated database whose URL a process of its own may use."""
    async with databases.clone_dsn() as dsn:
        db = await Database.open(dsn, size=4)
        yield db
        await db.close()
