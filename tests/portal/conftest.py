"""The portal of ``world``, running."""

from collections.abc import AsyncIterator

import pytest

from registry.flows.runner import Runner
from tests.kit.clock import FakeClock
from tests.portal.world import Portal, populate, serving


@pytest.fixture
async def country(runner: Runner) -> Runner:
    """Bodies, people and the registrar of the portal, without the door."""
    await populate(runner)
    return runner


@pytest.fixture
async def portal(country: Runner, clock: FakeClock) -> AsyncIterator[Portal]:
    """The same with the door open."""
    async with serving(country, clock) as running:
        yield running
