"""Draws pages with Chromium through Playwright. Both are optional: without them :func:`find_renderer` has none to give, and checks say ``not_run``.

The browser never touches the network. Every request of a page is answered by our own fetcher, under the same rules for addresses, sizes and
times as everything else, and names resolve to nothing inside the browser, should a request escape. What would leave the site (a script that
moves the reader elsewhere) is recorded and not followed. Nothing is posted. Every page has a context of its own, and the browser is
started anew after some pages, because browsers grow.
"""

import asyncio
import io
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec
from PIL import Image

from verifier.checks.domains import host_of
from verifier.checks.rendered import Shown, ShownFrame, ShownLink
from verifier.fetch.agents import honest_agent
from verifier.fetch.fetcher import Errand, Fetcher

CHROMIUM = "/usr/bin/chromium"  # Debian's
SETTLE_SECONDS = 5.0  # scripts that move readers away wait a little (verifier.md 3.2, check 8)
PAGE_SECONDS = 30.0  # for everything about one page
MAX_REQUESTS = 200  # of one page
PAGES_PER_BROWSER = 100
WIDTH, HEIGHT = 1280, 800
_UNWANTED = frozenset({"media", "websocket", "eventsource", "manifest", "ping"})
_SEEN = (resources.files("verifier.checks") / "seen.js").read_text("utf-8")
_ARGUMENTS = (
    "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync", "--disable-component-update", "--mute-audio",
    "--host-resolver-rules=MAP * ~NOTFOUND",

    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
)  # fmt: skip
_AXE_RUN = """async () => { const r = await axe.run(document, {resultTypes: ['violations']});
 return {passes: r.passes.length, violations: r.violations.map(v => ({id: v.id, impact: v.impact, nodes: v.nodes.map(n => n.html)}))}; }"""


def find_renderer(
    fetcher: Fetcher, executable: str = CHROMIUM, axe: str = "", settle: float = SETTLE_SECONDS
) -> "Chromium | None":
    """A renderer, or ``None`` when Playwright or the browser is missing. ``axe``: the path of ``axe.min.js``, if there is one."""
    try:
        import playwright.async_api  # noqa: F401 - optional: its absence is the answer
    except ImportError:
        return None
    if not os.access(executable, os.X_OK):
        return None
    source = Path(axe).read_text("utf-8") if axe and Path(axe).is_file() else ""
    return Chromium(fetcher, executable, source, settle)


class Chromium:
    """See ``verifier.checks.rendered.Renderer``. One page at a time; ``close`` it."""

    def __init__(self, fetcher: Fetcher, executable: str, axe: str, settle: float) -> None:
        self._fetcher = fetcher
        self._executable = executable
        self._axe = axe
        self._settle = settle
        self._turn = asyncio.Lock()
        self._playwright: Any = None
        self._browser: Any = None
        self._pages = 0

    async def show(self, url: str) -> Shown:
        """See ``verifier.checks.rendered.Renderer``."""
        async with self._turn:
            try:
                async with asyncio.timeout(PAGE_SECONDS + self._settle):
                    return await self._show(url)
            except Exception as error:  # noqa: BLE001 - a page can make a browser fail in any way, and that is an answer
                await self.close()
                return Shown(
                    url, url, "", "", (), (), (), (), b"", b"", b"", failure=f"browser: {type(error).__name__}"
                )

    async def close(self) -> None:
        """End the browser."""
        for one, end in ((self._browser, "close"), (self._playwright, "stop")):
            if one is not None:
                with suppress(Exception):
                    async with asyncio.timeout(10):
                        await getattr(one, end)()
        self._browser = self._playwright = None
        self._pages = 0

    async def _show(self, url: str) -> Shown:
        async with self._page() as page:
            drawing = _Drawing(self._fetcher, host_of(url))
            await page.route("**/*", drawing.answer)
            page.on("popup", lambda popup: asyncio.ensure_future(popup.close()))
            await page.goto(url, wait_until="load", timeout=PAGE_SECONDS * 1000)
            await asyncio.sleep(self._settle)
            seen = await page.evaluate(_SEEN)
            html = await page.content()
            axe = await self._ask_axe(page)
            picture = await page.screenshot(type="png")
            return _shown(url, seen, html, drawing, picture, axe)

    async def _ask_axe(self, page: Any) -> str:
        if not self._axe:
            return ""
        await page.evaluate(self._axe)
        return msgspec.json.encode(await page.evaluate(_AXE_RUN)).decode()

    @asynccontextmanager
    async def _page(self) -> AsyncIterator[Any]:
        if self._pages >= PAGES_PER_BROWSER:
            await self.close()
        if self._browser is None:
            await self._start()
        self._pages += 1
        context = await self._browser.new_context(
            user_agent=honest_agent(), viewport={"width": WIDTH, "height": HEIGHT}, locale="zh-CN", service_workers="block",
            accept_downloads=False, ignore_https_errors=True, permissions=[],
        )  # fmt: skip
        try:
            yield await context.new_page()
        finally:
            with suppress(Exception):
                async with asyncio.timeout(5):
                    await context.close()

    async def _start(self) -> None:
        from playwright.async_api import async_playwright

        self._playwright = await async_playwright().start()
        alone = ("--no-sandbox",) if os.geteuid() == 0 else ()  # the sandbox of Chromium refuses to work for root
        self._browser = await self._playwright.chromium.launch(
            executable_path=self._executable, args=[*_ARGUMENTS, *alone]
        )


class _Drawing:
    """Answers the requests of one page."""

    def __init__(self, fetcher: Fetcher, host: str) -> None:
        self._fetcher = fetcher
        self._host = host
        self.requested: list[str] = []
        self.navigated: list[str] = []

    async def answer(self, route: Any) -> None:
        request = route.request
        with suppress(Exception):  # the page may be gone when the answer comes
            if self._leaves(request):
                self.navigated.append(request.url[:2000])
                await route.abort("blockedbyclient")
            elif (
                request.resource_type in _UNWANTED
                or request.method not in {"GET", "HEAD"}
                or len(self.requested) >= MAX_REQUESTS
            ):
                await route.abort("blockedbyclient")
            else:
                self.requested.append(request.url[:2000])
                await self._fulfil(route, request.url)

    def _leaves(self, request: Any) -> bool:
        if not request.is_navigation_request() or request.frame.parent_frame is not None:
            return False
        return host_of(request.url) not in {self._host, ""}

    async def _fulfil(self, route: Any, url: str) -> None:
        answer = await self._fetcher.fetch(Errand(url))
        if answer.failure is not None:
            await route.abort("failed")
            return
        kept = {
            key: value
            for key, value in answer.last.headers
            if key not in {"content-encoding", "content-length", "transfer-encoding", "set-cookie"}
        }
        await route.fulfill(status=answer.status, headers=kept, body=answer.body)


def _shown(url: str, seen: dict[str, Any], html: str, drawing: _Drawing, picture: bytes, axe: str) -> Shown:
    image = Image.open(io.BytesIO(picture)).convert("L")
    return Shown(
        url=url,
        final_url=seen["url"],
        title=seen["title"],
        html=html,
        links=tuple(ShownLink(**one) for one in seen["links"]),
        frames=tuple(ShownFrame(**one) for one in seen["frames"]),
        requested=tuple(drawing.requested),
        navigated=tuple(drawing.navigated),
        screenshot=picture,
        grey=image.resize((32, 32)).tobytes(),
        small=image.resize((160, 120)).tobytes(),
        axe=axe,
    )
