"""Fixtures of this door."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from registry.kernel.config import Config
from registry.kernel.db import Database
from tests.epp.tls_world import Door, open_door


@pytest.fixture
async def door(db: Database, config: Config, tmp_path: Path) -> AsyncIterator[Door]:
    """A listening door with three registrars."""
    async with open_door(db, config, tmp_path / "tls") as opened:
        yield opened
