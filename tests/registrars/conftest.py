"""Fixtures: the event loop of the product, and a listening door."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import uvloop

from registry.kernel.config import Config
from registry.kernel.db import Database
from tests.epp.tls_world import Door, open_door


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """TLS and streams behave a little differently in it."""
    return {"uvloop": uvloop.new_event_loop}


@pytest.fixture
async def door(db: Database, config: Config, tmp_path: Path) -> AsyncIterator[Door]:
    """A listening door with two registrars and its own clock."""
    async with open_door(db, config, tmp_path / "tls") as opened:
        yield opened
