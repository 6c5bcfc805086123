"""Copies against the badge, in a real browser: sites on loopback under their own names, with TLS (verifier.md 3.4, T1 to T3)."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from playwright.async_api import Page

from registry.kernel.config import Config
from registry.kernel.db import Database
from registry.kernel.names import to_a
from tests.kit.clock import FakeClock
from tests.verifier.test_issue import Zone
from tests.verifier.world import TSINGHUA, fill
from tests.web.site import Site, browsing, free_port, serving
from verifier.marks.issue import MarkOrder, issue_mark
from verifier.marks.store import Mark
from verifier.reports.sighting import FOREIGN

GENUINE = to_a("清华大学.公益")
COPY = f"{GENUINE}.evil.example"


@dataclass(frozen=True)
class World:
    """The verifier, the mark, and a browser page in a world where both the genuine site and its copy exist."""

    site: Site
    mark: Mark
    page: Page
    port: int
    db: Database
    clock: FakeClock

    def url(self, host: str, path: str = "/") -> str:
        """An address of one of the two sites."""
        return f"https://{host}:{self.port}{path}"


def context(folder: Path) -> ssl.SSLContext:
    """TLS with a certificate that nobody trusts; the browser is told not to mind."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2049, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    (folder / "c.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "k.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(folder / "c.pem", folder / "k.pem")
    return tls


@asynccontextmanager
async def two_sites(port: int, badge: str, genuine: str, tls: ssl.SSLContext) -> AsyncIterator[None]:
    """One server for every host name: the page is the same everywhere, which is what a copy is."""
    sandbox = "allow-popups allow-popups-to-escape-sandbox"

    async def show(request: web.Request) -> web.Response:
        bodies = {
            "/": f'<h1>清华大学</h1><iframe src="{badge}" referrerpolicy="origin" sandbox="{sandbox}" width="320" height="84"></iframe>',
            "/picture": f'<h1>清华大学</h1><img src="{badge}" alt="x">',
            "/framing": f'<h1>清华大学</h1><iframe src="{genuine}" width="600" height="400"></iframe>',
        }
        return web.Response(
            text=f"<!doctype html><meta charset=utf-8>{bodies.get(request.path, '')}", content_type="text/html"
        )

    app = web.Application()
    app.add_routes([web.get("/{any:.*}", show)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, ssl_context=tls).start()
    try:
        yield
    finally:
        await runner.cleanup()


@pytest.fixture
async def world(db: Database, clock: FakeClock, config: Config, tmp_path: Path) -> AsyncIterator[World]:
    """The genuine site at its name, a copy of it at another, and the verifier between them."""
    await fill(db)
    port = free_port()
    async with serving(db, clock, config) as site:
        order = MarkOrder(TSINGHUA.uscc, f"https://{GENUINE}:{port}", attested="x")
        mark = await issue_mark(db, order, clock, site.config, Zone())
        badge = f"{site.url}/badge/{mark.id}"
        async with (
            two_sites(port, badge, f"https://{GENUINE}:{port}/", context(tmp_path)),
            browsing("--host-resolver-rules=MAP * 127.0.0.1") as browser,
        ):
            page = await browser.new_page(ignore_https_errors=True)
            yield World(site, mark, page, port, db, clock)


async def badges(page: Page) -> list[str]:
    """The text of every frame that shows a mark."""
    shown = []
    for frame in page.frames:
        if "/badge/" in frame.url:
            shown.append(await frame.locator("body").inner_text())
    return shown


async def test_the_badge_is_drawn_on_the_genuine_site_only(world: World) -> None:
    """The same page shows the badge at the host of the mark (in a sandbox, too) and not at the copy's; the copy's load is counted."""
    await world.page.goto(world.url(GENUINE))
    (text,) = await badges(world.page)
    assert "清华大学.公益" in text
    assert "标识有效" in text
    before = FOREIGN.labels("badge")._value.get()
    await world.page.goto(world.url(COPY))
    assert await badges(world.page) == []
    assert FOREIGN.labels("badge")._value.get() == before + 1


async def test_the_badge_is_no_picture_and_no_decoration_of_a_frame(world: World) -> None:
    """Used as an image it shows nothing anywhere; when a fake frames the genuine page, the page comes without its badge."""
    for host in (COPY, GENUINE):
        await world.page.goto(world.url(host, "/picture"))
        assert await world.page.evaluate("document.querySelector('img').naturalWidth") == 0
    await world.page.goto(world.url(COPY, "/framing"))
    assert any(frame.url == world.url(GENUINE) for frame in world.page.frames)
    assert await badges(world.page) == []


async def test_a_tap_on_the_badge_leads_to_the_page_that_names_the_address(world: World) -> None:
    """A tap opens the verification page in a window of its own; it names the host in large type."""
    await world.page.goto(world.url(GENUINE))
    frame = next(frame for frame in world.page.frames if "/badge/" in frame.url)
    async with world.page.expect_popup() as opened:
        await frame.locator("a").click()
    page = await opened.value
    await page.wait_for_load_state()
    assert page.url == f"{world.site.url}/v/{world.mark.id}"
    assert await page.locator(".big-host").inner_text() == "清华大学.公益"
