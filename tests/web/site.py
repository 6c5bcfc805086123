"""The public site as it is served: a real server on loopback, a real browser, the accessibility checker."""

import os
import socket
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from playwright.async_api import Browser, Page, async_playwright

from registry.kernel.clock import Clock
from registry.kernel.config import Config
from registry.kernel.db import Database
from registry.kernel.web.app import Context, build_app
from registry.portal import home
from verifier.web.routes import routes as verifier_routes

AXE = Path(sys.prefix) / "node" / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic", "--no-first-run"]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@dataclass(frozen=True)
class Site:
    """Where it listens and what it was built from."""

    url: str
    config: Config
    client: aiohttp.ClientSession


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def serving(db: Database, clock: Clock, config: Config, more: Iterable[web.RouteDef] = ()) -> AsyncIterator[Site]:
    """The home page and the verifier (and ``more``) on a free port, with a client that follows no redirect by itself."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    at = replace(config, web=replace(config.web, public_url=url))
    context = Context(at, db, clock)
    runner = web.AppRunner(
        build_app(context, [home.routes(context), verifier_routes(context), more], assets=("verifier.web",)),
        access_log=None,
    )
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    async with aiohttp.ClientSession(url, cookie_jar=aiohttp.DummyCookieJar()) as client:
        try:
            yield Site(url, at, client)
        finally:
            await runner.cleanup()


@asynccontextmanager
async def browsing(*arguments: str) -> AsyncIterator[Browser]:
    """Debian's Chromium."""
    if not Path(CHROMIUM).exists():
        missing(f"no {CHROMIUM}")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *arguments])
        try:
            yield browser
        finally:
            await browser.close()


def axe_source() -> str:
    """The checker's script, or a skip that says how to get it (a failure where CI runs)."""
    if not AXE.exists():
        missing("no axe-core: `make test` installs it into the virtual environment")
    return AXE.read_text("utf-8")


def missing(what: str) -> None:
    """Skip on a bare machine, fail in CI."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


async def violations(page: Page) -> list[str]:
    """What axe finds against WCAG 2.1 AA, one line each."""
    await page.evaluate(axe_source())
    found: dict[str, Any] = await page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", WCAG
    )
    return [
        f"{v['id']}: {node['html'][:160]} — {node['failureSummary'][:300]}"
        for v in found["violations"]
        for node in v["nodes"]
    ]
