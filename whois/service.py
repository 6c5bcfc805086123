"""The service ``whois``: port 43 (on port base + 3)."""

import asyncio

from registry.kernel.service import Parts, Service
from whois.lookup import Lines
from whois.lookups import Lookups
from whois.port43 import Desk

BACKLOG = 1024  # callers that the kernel keeps waiting while we are busy; beyond that they try again by themselves


class Whois:
    """See ``registry.kernel.service.Service``."""

    name = "whois"

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._lookups = Lookups(parts.config, parts.db, parts.clock, self.name)
        lines = Lines(self._lookups.reads, parts.clock, self._lookups.memory)
        self._desk = Desk(parts.config.whois, parts.clock, lines)
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Bind; several processes share the port."""
        await self._lookups.start()
        config = self._parts.config
        self._server = await asyncio.get_running_loop().create_server(
            self._desk.connection, config.address, config.port("whois"), reuse_port=True, backlog=BACKLOG
        )

    def ready(self) -> bool:
        """Whether the port is bound."""
        return self._server is not None and self._server.is_serving()

    async def drain(self) -> None:
        """Stop listening; the questions that were asked are answered."""
        if self._server:
            self._server.close()
        if self._desk.working:
            await asyncio.wait(self._desk.working)

    async def close(self) -> None:
        """What was kept is forgotten."""
        await self._lookups.close()


def create(parts: Parts) -> Service:
    """Build the service that ``zhengming serve whois`` runs."""
    return Whois(parts)
