"""The small registry of ``world``, in every test of the flows."""

import pytest

from registry.flows.runner import Runner
from tests.flows.world import World, build


@pytest.fixture
async def world(runner: Runner) -> World:
    """Three registrars, three zones and a contact."""
    return await build(runner)
