"""The register of :mod:`tests.whois.world`, and the three doors before it on real sockets."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest
from aiohttp import ClientSession, web

from registry.flows.runner import Runner
from registry.kernel.config import Config
from registry.kernel.service import Parts
from registry.kernel.web.app import Context, build_app
from tests.kit.ports import free_port_base
from tests.whois.world import World, build
from whois import service
from whois.rdap.routes import routes as rdap_routes
from whois.web.routes import routes as web_routes


@dataclass(frozen=True, slots=True)
class Doors:
    """Where the doors listen, and a client for the two of HTTP."""

    world: World
    config: Config
    client: ClientSession

    @property
    def port(self) -> int:
        return self.config.port("whois")

    @property
    def url(self) -> str:
        return self.config.public_url


@pytest.fixture
def config(config: Config) -> Config:
    """Doors on free ports."""
    return replace(config, port_base=free_port_base())


@pytest.fixture
async def world(runner: Runner) -> World:
    """The register with its names."""
    return await build(runner)


@pytest.fixture
async def doors(world: World, config: Config) -> AsyncIterator[Doors]:
    """Port 43, RDAP and the pages, listening."""
    runner = world.runner
    port43 = service.create(Parts(config, runner.db, runner.clock))
    await port43.start()
    context = Context(config, runner.db, runner.clock)
    app = build_app(context, [rdap_routes(context), web_routes(context)], assets=("whois.web",))
    serving = web.AppRunner(app, access_log=None)
    await serving.setup()
    await web.TCPSite(serving, config.address, config.port("web")).start()
    async with ClientSession() as client:
        yield Doors(world, config, client)
    await serving.cleanup()
    await port43.drain()
    await port43.close()
