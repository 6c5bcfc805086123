"""Everything that the world asks the registry by, on real sockets, before a register whose clock the test moves: DNS, port 43, RDAP."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from aiohttp import ClientSession, web

from registry.flows.runner import Runner
from registry.kernel.config import Config
from registry.kernel.service import Parts
from registry.kernel.web.app import Context, build_app
from resolver.service import create as create_dns
from tests.kit.dig import dig
from tests.kit.ports import free_port_base
from tests.kit.whois import whois
from whois.rdap.routes import routes as rdap_routes
from whois.service import create as create_port43

PATIENCE = 400  # times fifty milliseconds until DNS has followed


@dataclass(frozen=True)
class World:
    """Who asks from outside."""

    config: Config
    client: ClientSession

    async def whois(self, text: str) -> str:
        """Debian's client on port 43."""
        return await asyncio.to_thread(whois, self.config.port("whois"), text)

    async def rdap(self, name: str) -> tuple[int, dict[str, Any]]:
        """Status and answer for a domain."""
        url = f"{self.config.public_url}/rdap/domain/{quote(name)}"
        async with self.client.get(url) as answer:
            return answer.status, json.loads(await answer.read())

    async def delegated(self, name: str) -> bool:
        """Whether the zone refers to the name's servers."""
        said = await asyncio.to_thread(dig, self.config.port("dns"), name, "NS", "+norec", "+noidnin", "+noidnout")
        return "ns1.example.cn." in said

    async def sees(self, name: str, *, delegated: bool) -> bool:
        """Whether DNS says so, within its time to follow."""
        for _ in range(PATIENCE):
            if await self.delegated(name) is delegated:
                return True
            await asyncio.sleep(0.05)
        return False


@asynccontextmanager
async def outside(runner: Runner) -> AsyncIterator[World]:
    """The doors open."""
    config = replace(runner.config, port_base=free_port_base())
    parts = Parts(config, runner.db, runner.clock)
    dns, port43 = create_dns(parts), create_port43(parts)
    await dns.start()
    await port43.start()
    context = Context(config, runner.db, runner.clock)
    serving = web.AppRunner(build_app(context, [rdap_routes(context)]), access_log=None)
    await serving.setup()
    await web.TCPSite(serving, config.address, config.port("web")).start()
    async with ClientSession() as client:
        yield World(config, client)
    await serving.cleanup()
    for service in (port43, dns):
        await service.drain()
        await service.close()
