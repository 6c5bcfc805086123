"""The service ``web``: the pages and programs' doors of all packages under one HTTP port."""

from aiohttp import web

from registry.cli.catalogue import CASE_DESK, PAGES, page_lists, resolve
from registry.epp.on_behalf import Desk
from registry.flows.runner import Runner
from registry.kernel.service import Parts, Service
from registry.kernel.web.app import Context, build_app

KEEPALIVE_SECONDS = 75.0  # what browsers keep a connection for


class Web:
    """See ``registry.kernel.service.Service``."""

    name = "web"

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        runner = Runner(parts.db, parts.clock, parts.config)
        cases = resolve(CASE_DESK)(parts.db, parts.clock, parts.config)
        extras = {"epp": Desk(runner), "cases": cases}
        context = Context(parts.config, parts.db, parts.clock, runner, extras)
        packages = tuple(dict.fromkeys(dotted.partition(":")[0].rpartition(".")[0] for dotted in PAGES))
        app = build_app(context, [routes(context) for routes in page_lists()], assets=packages)
        self._runner = web.AppRunner(app, access_log=None, keepalive_timeout=KEEPALIVE_SECONDS)
        self._site: web.TCPSite | None = None

    async def start(self) -> None:
        """Bind; several processes share the port."""
        config = self._parts.config
        await self._runner.setup()
        self._site = web.TCPSite(self._runner, config.address, config.port("web"), reuse_port=True, backlog=1024)
        await self._site.start()

    def ready(self) -> bool:
        """Whether the port is bound."""
        return self._site is not None

    async def drain(self) -> None:
        """Stop listening and let running requests end."""
        if self._site:
            await self._site.stop()
        await self._runner.shutdown()

    async def close(self) -> None:
        """Let go."""
        await self._runner.cleanup()


def create(parts: Parts) -> Service:
    """Build the service."""
    return Web(parts)
