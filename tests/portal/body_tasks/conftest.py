"""The bureau of ``bureau``, in the first days of 2026."""

from datetime import UTC, datetime

import pytest

from registry.flows.runner import Runner
from tests.kit.clock import FakeClock
from tests.portal.body_tasks.bureau import County


@pytest.fixture
async def county(country: Runner, clock: FakeClock) -> County:
    """With its name and its mark."""
    clock.set(datetime(2026, 1, 6, 2, tzinfo=UTC))
    made = County(country)
    await made.found()
    return made
