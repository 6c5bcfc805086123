"""The browser extension, loaded into Debian's Chromium as a citizen would load it, against a real server."""

import io
import json
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import BrowserContext, Page, Worker, async_playwright

from registry.kernel.clock import SystemClock
from registry.kernel.config import Config
from registry.kernel.db import Database
from registry.kernel.names import to_a
from tests.verifier.test_hostile import COPY, GENUINE, context, two_sites
from tests.verifier.test_issue import Zone
from tests.verifier.world import TSINGHUA, YANGJIANG, fill
from tests.web.site import ARGUMENTS, CHROMIUM, Site, free_port, missing, serving
from verifier.marks.change import change_mark
from verifier.marks.issue import MarkOrder, issue_mark
from verifier.marks.states import MarkAct
from verifier.marks.store import Mark


@dataclass(frozen=True)
class World:
    """The extension at work in a browser where the genuine site and its copy exist, and what it asked the server."""

    site: Site
    db: Database
    mark: Mark
    worker: Worker
    page: Page
    port: int
    asked: list[str]

    async def title(self, host: str, scheme: str = "https") -> str:
        """What the toolbar says at a host."""
        await self.page.goto(f"{scheme}://{host}:{self.port}/" if scheme == "https" else self.site.url)
        return await self.shown()

    async def shown(self) -> str:
        """The tooltip of the icon, once the page that is open was judged."""
        return str(
            await self.worker.evaluate(
                """async () => {
                    const [tab] = await chrome.tabs.query({ active: true });
                    await zhengming.paint(tab.id, tab.url);
                    return chrome.action.getTitle({ tabId: tab.id });
                }"""
            )
        )

    async def update(self) -> str:
        """Let it fetch what changed; the version that it has then, or what it refused."""
        return str(await self.worker.evaluate("() => zhengming.update().catch((error) => `refused: ${error.message}`)"))


@asynccontextmanager
async def extended(folder: Path, profile: Path) -> AsyncIterator[BrowserContext]:
    """Chromium with the extension."""
    if not Path(CHROMIUM).exists():
        missing(f"no {CHROMIUM}")
    loaded = [f"--disable-extensions-except={folder}", f"--load-extension={folder}", "--headless=new"]
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch_persistent_context(
            profile, executable_path=CHROMIUM, headless=False, ignore_https_errors=True,
            args=[*ARGUMENTS, *loaded, "--host-resolver-rules=MAP * 127.0.0.1"],
        )  # fmt: skip
        try:
            yield opened
        finally:
            await opened.close()


@pytest.fixture
async def world(db: Database, config: Config, tmp_path: Path) -> AsyncIterator[World]:
    """One mark, the extension downloaded from the server and loaded, its first list fetched."""
    await fill(db)
    clock, port, asked = SystemClock(), free_port(), list[str]()
    async with serving(db, clock, config) as site:
        order = MarkOrder(TSINGHUA.uscc, f"https://{GENUINE}:{port}", attested="x")
        mark = await issue_mark(db, order, clock, site.config, Zone())
        archive = zipfile.ZipFile(io.BytesIO(await (await site.client.get("/verify/extension.zip")).read()))
        archive.extractall(tmp_path / "extension")
        async with (
            two_sites(port, f"{site.url}/badge/{mark.id}", "about:blank", context(tmp_path)),
            extended(tmp_path / "extension", tmp_path / "profile") as browser,
        ):
            browser.on("request", lambda request: asked.append(request.url))
            worker = (
                browser.service_workers[0] if browser.service_workers else await browser.wait_for_event("serviceworker")
            )
            world = World(site, db, mark, worker, browser.pages[0], port, asked)
            assert len(await world.update()) == 64
            yield world


async def test_the_toolbar_is_green_only_at_a_host_of_a_mark(world: World) -> None:
    """Green at the genuine site; grey at its copy, at a stranger and where there is no web page; the copy is told to nobody."""
    assert "真的官方网站" in await world.title(GENUINE)
    world.asked.clear()
    assert "没有官方网站标识" in await world.title(COPY)
    assert "没有官方网站标识" in await world.title("example.com")
    assert not [url for url in world.asked if url.startswith(f"{world.site.url}/api/")]
    await world.page.goto("about:blank")
    assert await world.shown() == "正名验真 Zhengming"


async def test_a_suspension_is_seen_before_the_next_list(world: World) -> None:
    """A host of the list is confirmed by the prefix of its hash, so a suspended mark is amber at once; with the next list it is grey."""
    await change_mark(world.db, world.mark.id, MarkAct.SUSPEND, "核查", "person:operator", SystemClock())
    await world.page.wait_for_timeout(700)
    assert "标识已暂停" in await world.title(GENUINE)
    await world.update()
    assert "没有官方网站标识" in await world.shown()


async def test_a_list_is_updated_by_its_difference(world: World) -> None:
    """After a new mark the server sends only what was added; what the extension then has is the server's very version."""
    await issue_mark(
        world.db,
        MarkOrder(YANGJIANG.uscc, f"https://{YANGJIANG.holds}", attested="x"),
        SystemClock(),
        world.site.config,
        Zone(),
    )
    await world.page.wait_for_timeout(700)
    before = await world.worker.evaluate("async () => (await chrome.storage.local.get('kept')).kept.version")
    answer: dict[str, Any] = await (await world.site.client.get("/api/v1/marks/hosts", params={"have": before})).json()
    assert answer["base"] == before
    assert len(answer["added"]) == 8  # five octets in base 64
    assert answer["removed"] == ""
    assert await world.update() == answer["version"]
    assert "真的官方网站" in await world.worker.evaluate(
        f"async () => {{ const v = await zhengming.judge('https://{to_a(YANGJIANG.holds)}/'); return v === 'genuine' ? '真的官方网站' : v; }}"
    )


async def test_a_list_that_was_tampered_with_is_refused(world: World) -> None:
    """A server that adds a host, or whose signature is false, is not believed, and what was known stays."""
    real: dict[str, Any] = await (await world.site.client.get("/api/v1/marks/hosts")).json()
    evil = {**real, "added": "AAAAAAAA" if not real["added"].startswith("AAAA") else "AAAAAAAB"}
    head, body, _ = real["statement"].split(".")
    app = web.Application()
    answers: list[dict[str, Any]] = []

    async def lie(_: web.Request) -> web.Response:
        return web.json_response(answers[0], headers={"Access-Control-Allow-Origin": "*"})

    app.router.add_get("/api/v1/marks/hosts", lie)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        await _lied_to(world, port, answers, [evil, {**real, "statement": f"{head}.{body}.{'A' * 86}"}])
    finally:
        await runner.cleanup()
    assert "真的官方网站" in await world.title(GENUINE)


async def _lied_to(world: World, port: int, answers: list[dict[str, Any]], lies: list[dict[str, Any]]) -> None:
    await world.worker.evaluate(
        """(port) => {
            const real = globalThis.fetch;
            globalThis.realFetch = real;
            const elsewhere = (url) => url.replace(/:[0-9]+[/]api[/]v1[/]marks/, `:${port}/api/v1/marks`);
            globalThis.fetch = (url, more) => real(elsewhere(String(url)), more);
        }""",
        port,
    )
    for lie in lies:
        answers[:] = [lie]
        assert (await world.update()).startswith("refused"), json.dumps(lie)[:200]
    await world.worker.evaluate("() => { globalThis.fetch = globalThis.realFetch; }")


async def test_without_a_connection_the_signed_list_counts(world: World) -> None:
    """When the server is away, what the list says holds while its statement does; a site that is not in it is never called genuine."""
    await world.worker.evaluate("() => { globalThis.fetch = () => Promise.reject(new TypeError('away')); }")
    assert "真的官方网站" in await world.title(GENUINE)
    assert "没有官方网站标识" in await world.title(COPY)
    await world.worker.evaluate("() => { Date.now = () => 4102444800000; }")  # long after the statement
    assert "暂时无法核对" in await world.title(GENUINE)


async def test_the_popup_says_the_same_and_leads_to_the_check(world: World) -> None:
    """The popup tells the verdict in words; only its link tells us the address, when it is followed."""
    extension = world.worker.url.split("/")[2]
    told = await world.worker.evaluate(f"() => zhengming.judge('https://{GENUINE}/')")
    assert told == "genuine"
    page = await world.page.context.new_page()
    await page.goto(f"chrome-extension://{extension}/popup.html")
    await page.wait_for_function("document.getElementById('verdict').textContent.length > 3")
    assert "Zhengming" in await page.title() or await page.locator("#verdict").inner_text()
    assert await page.locator("#more").count() == 1
