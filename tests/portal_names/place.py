"""The page of the live check beside the REST interface, on a real server with real bodies."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import aiohttp
from aiohttp import web

from registry import establishment
from registry.establishment.importing import import_file
from registry.flows.runner import Runner
from registry.kernel.web.app import Context, build_app
from registry.portal.names import routes as names
from registry.rest import app as rest

REAL = Path(establishment.__file__).parent / "real_bodies.csv"
TSINGHUA = "12100000400000624D"


@asynccontextmanager
async def serving(runner: Runner) -> AsyncIterator[aiohttp.ClientSession]:
    """A client of the running site; its base address is ``client._base_url``."""
    await import_file(runner.db, REAL, snapshot=False, actor="job:test", clock=runner.clock)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    config = replace(runner.config, web=replace(runner.config.web, public_url=url))
    context = Context(config, runner.db, runner.clock, Runner(runner.db, runner.clock, config))
    app = build_app(context, [names.routes(context), rest.routes(context)], assets=("registry.portal.names",))
    served = web.AppRunner(app, access_log=None)
    await served.setup()
    await web.TCPSite(served, "127.0.0.1", port).start()
    async with aiohttp.ClientSession(url) as client:
        try:
            yield client
        finally:
            await served.cleanup()
