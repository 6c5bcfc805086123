"""The service ``web``: the pages and programs' doors of all packages under one HTTP port."""

import asyncio

from aiohttp import web

from registry.cli.catalogue import CASE_DESK, PAGES, RDAP_DOOR, page_lists, resolve
from registry.epp.on_behalf import Desk
from registry.flows.runner import Runner
from registry.kernel.service import Parts, Service
from registry.kernel.web.app import Context, build_app
from registry.rest.bearers import bearers

DRAIN_SECONDS = 5.0  # what a running request is given; the service as a whole has ten
KEEPALIVE_SECONDS = 75.0  # what browsers keep a connection for


class Web:
    """See ``registry.kernel.service.Service``."""

    name = "web"

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        runner = Runner(parts.db, parts.clock, parts.config)
        lent = bearers(runner)
        cases = resolve(CASE_DESK)(parts.db, parts.clock, parts.config)
        self._rdap = resolve(RDAP_DOOR)(parts, lent)
        extras = {
            "epp": Desk(runner), "bearers": lent, "rdap": self._rdap.desk, "lookups": self._rdap.lookups, "cases": cases,
        }  # fmt: skip
        context = Context(parts.config, parts.db, parts.clock, runner, extras)
        packages = tuple(dict.fromkeys(dotted.partition(":")[0].rpartition(".")[0] for dotted in PAGES))
        app = build_app(context, [routes(context) for routes in page_lists()], assets=packages)
        self._runner = web.AppRunner(app, access_log=None, keepalive_timeout=KEEPALIVE_SECONDS)
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Bind; several processes share the port. Every connection begins in the lane of RDAP, which hands it to the application."""
        config = self._parts.config
        await self._rdap.start()
        await self._runner.setup()
        application = self._runner.server
        self._server = await asyncio.get_running_loop().create_server(
            self._rdap.lane(application), config.address, config.port("web"), reuse_port=True, backlog=1024
        )

    def ready(self) -> bool:
        """Whether the port is bound."""
        return self._server is not None and self._server.is_serving()

    async def drain(self) -> None:
        """Stop listening and let running requests end."""
        if self._server:
            self._server.close()
        await self._runner.shutdown()
        if self._runner.server:
            await self._runner.server.shutdown(DRAIN_SECONDS)

    async def close(self) -> None:
        """Let go."""
        await self._runner.cleanup()
        await self._rdap.close()


def create(parts: Parts) -> Service:
    """Build the service."""
    return Web(parts)
