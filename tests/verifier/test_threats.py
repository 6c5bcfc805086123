"""The threats that can be built on one machine (verifier.md 3.4), each as a site that a citizen might meet, in a real browser."""

import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from playwright.async_api import Page

from registry.kernel.errors import Reason, Refusal
from registry.kernel.feed import announce
from registry.kernel.names import to_a
from tests.verifier.test_hostile import COPY, GENUINE, World, badges, world
from tests.verifier.test_marks import unpack
from tests.verifier.world import TSINGHUA
from tests.web.site import NARROW, free_port
from verifier.marks.change import change_mark
from verifier.marks.credential import check_credential
from verifier.marks.keys import load_issuer_key
from verifier.marks.states import MarkAct
from verifier.moment import SECONDS, moment_before, moment_of

__all__ = ["world"]  # the fixture
GALLERY = os.environ.get("ZHENGMING_GALLERY", "")  # a folder that keeps the pictures; else they go with the test


async def picture(page: Page, name: str, folder: Path) -> bytes:
    """What the citizen sees."""
    shown = await page.screenshot(full_page=True)
    (Path(GALLERY or folder) / f"threat-{name}.png").write_bytes(shown)
    return shown


@asynccontextmanager
async def served_page(body: str, files: dict[str, bytes] | None = None) -> AsyncIterator[int]:
    """A hostile site on a port of its own, at whatever name the browser calls it."""

    async def show(request: web.Request) -> web.Response:
        if request.path in (files or {}):
            return web.Response(body=(files or {})[request.path], content_type="image/png")
        return web.Response(text=f"<!doctype html><meta charset=utf-8>{body}", content_type="text/html")

    app = web.Application()
    app.add_routes([web.get("/{any:.*}", show)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield port
    finally:
        await runner.cleanup()


async def verdict(world: World, url: str, **more: str) -> str:
    """What the public check says."""
    answer = await world.site.client.get("/api/v1/verify", params={"url": url, **more})
    return str((await answer.json())["verdict"])


async def test_t1_a_copied_picture_gives_itself_away(world: World, tmp_path: Path) -> None:
    """A photograph of the badge on another site shows a word that has passed; whoever taps it is told that the site does not own the mark."""
    await world.page.goto(world.url(GENUINE))
    frame = world.page.locator("iframe")
    stolen = await frame.screenshot()
    word = await next(f for f in world.page.frames if "/badge/" in f.url).locator(".word").inner_text()
    await world.page.goto(f"{world.site.url}/v/{world.mark.id}")
    now = await world.page.locator(".moment-word").inner_text()
    assert now.split()[0] in word
    await world.clock.move(seconds=SECONDS + 100)
    await world.page.reload()
    assert (await world.page.locator(".moment-word").inner_text()).split()[0] not in word
    link = f'<a href="{world.site.url}/v/{world.mark.id}"><img alt="标识" src="/stolen.png"></a>'
    async with served_page(f"<h1>清华大学</h1>{link}", {"/stolen.png": stolen}) as port:
        await world.page.goto(f"http://{COPY}:{port}/")
        await picture(world.page, "t1-copied-picture", tmp_path)
        await world.page.locator("a").click()
        await world.page.wait_for_url("**/v/*")
    assert "不是这个标识的主人" in await world.page.locator("main").inner_text()
    await picture(world.page, "t1-after-a-tap", tmp_path)


async def test_t2_a_copied_page_shows_no_badge_and_becomes_a_case(world: World, tmp_path: Path) -> None:
    """The copy of a page comes without its badge, and its load opens a case with the verdict as evidence, once however often it is loaded."""
    for _ in range(3):
        await world.page.goto(world.url(COPY))
    assert await badges(world.page) == []
    await picture(world.page, "t2-copied-page", tmp_path)
    rows = await world.db.fetch("select host, origin, verdict, mark_id, official from verifier.case_file")
    assert [tuple(row) for row in rows] == [(COPY, "badge", "impersonation", world.mark.id, "清华大学")]
    kept = await world.db.fetchrow("select kind, name from verifier.case_evidence")
    assert kept is not None
    assert tuple(kept) == ("answer", "verdict.json")
    seen = await world.db.fetchrow("select host, door, count from verifier.sighting")
    assert seen is not None
    assert tuple(seen) == (COPY, "badge", 3)


async def test_t3_a_framed_page_loses_its_badge(world: World, tmp_path: Path) -> None:
    """Framed by a fake, the genuine page comes without its badge; our own pages are framed by nobody."""
    await world.page.goto(world.url(COPY, "/framing"))
    assert await badges(world.page) == []
    await picture(world.page, "t3-framed-page", tmp_path)
    async with served_page(
        f'<iframe src="{world.site.url}/v/{world.mark.id}" width="900" height="600"></iframe>'
    ) as port:
        await world.page.goto(f"http://{COPY}:{port}/")
        await world.page.wait_for_timeout(300)
        texts = [await frame.content() for frame in world.page.frames]
        assert len(texts) == 2
        assert not [text for text in texts if "清华大学" in text]


async def test_t4_a_fake_verification_page_proves_nothing(world: World, tmp_path: Path) -> None:
    """A copy of our page at another host says whatever it likes; the check that the citizen starts himself does not vouch for it."""
    await world.page.goto(f"{world.site.url}/v/{world.mark.id}")
    stolen = (await world.page.content()).replace("清华大学.公益", "清华大学.公益.evil.example")
    async with served_page(stolen) as port:
        await world.page.goto(f"http://zhengming-verify.example:{port}/v/{world.mark.id}")
        await picture(world.page, "t4-fake-verification-page", tmp_path)
    assert await verdict(world, "http://zhengming-verify.example/v/x") == "unknown"
    assert await verdict(world, "https://清华大学.公益.evil.example/") == "impersonation"


@pytest.mark.parametrize(
    "host", ["清毕大学.公益", "清华大学-公益.example", "清华大学官网.example", "清华大学。公益。evil.example"]
)
async def test_t5_a_look_alike_host_is_named_and_the_real_one_shown(world: World, tmp_path: Path, host: str) -> None:
    """On a telephone the answer is one tap away: the look-alike is called what it is, with a button to the genuine site."""
    await world.page.set_viewport_size(NARROW)
    await world.page.goto(f"{world.site.url}/verify")
    await world.page.get_by_label("网址").fill(f"https://{host}/login")
    await world.page.get_by_role("button", name=re.compile("验真")).click()
    assert "仿冒网站" in await world.page.locator("h1").inner_text()
    link = world.page.get_by_role("link", name=re.compile("前往真正的官方网站"))
    assert await link.get_attribute("href") == f"https://{GENUINE}:{world.port}/"
    await picture(world.page, "t5-look-alike", tmp_path)


async def test_t6_a_lapsed_former_name_has_no_mark(world: World, tmp_path: Path) -> None:
    """When the name goes, the mark is worth nothing from that instant, though the site still shows it; what comes back under it has none."""
    async with world.db.transaction() as conn:
        await conn.execute("update domain set deleted_at = now() where u_label = '清华大学'")
        roid = await conn.fetchval("select roid from domain where u_label = '清华大学'")
        await announce(conn, world.clock.now(), "domain.deleted", roid, {"name": GENUINE})
    await world.clock.move(seconds=1)
    assert await verdict(world, f"https://{GENUINE}/") == "suspended"
    await world.page.goto(world.url(GENUINE))
    (shown,) = await badges(world.page)
    assert "标识有效" not in shown
    await picture(world.page, "t6-lapsed-name", tmp_path)
    await change_mark(world.db, world.mark.id, MarkAct.REVOKE, "名称已不再持有", "person:operator", world.clock)
    await world.clock.move(seconds=1)
    assert await verdict(world, f"https://{GENUINE}/") == "not_official"


async def test_t9_a_replayed_token_is_worth_nothing(world: World) -> None:
    """The credential at another host, after its days, under another type or by another key is refused; after a revocation its status says so."""
    token = await (await world.site.client.get(f"/v/{world.mark.id}/credential")).text()
    key = load_issuer_key(world.site.config.secret("mark.pem"))
    now = world.clock.now()
    assert check_credential(token, {key.kid: key.public}, now, GENUINE)["mid"] == world.mark.id
    statement = (await (await world.site.client.get("/api/v1/marks/hosts")).json())["statement"]
    for what, when, host in ((token, now, COPY), (token, now + timedelta(days=8), GENUINE), (statement, now, GENUINE)):
        with pytest.raises(Refusal) as refused:
            check_credential(what, {key.kid: key.public}, when, host)
        assert refused.value.reason is Reason.VERIFICATION_INVALID
    await change_mark(world.db, world.mark.id, MarkAct.REVOKE, "核查", "person:operator", world.clock)
    await world.clock.move(seconds=1)
    assert (await world.site.client.get(f"/v/{world.mark.id}/credential")).status == 409
    listed = await (await world.site.client.get(f"/status/{world.mark.status_list}")).text()
    _, payload = unpack(listed, key.public)
    assert payload["exp"] - payload["iat"] <= 3600


async def test_t10_the_mark_of_a_body_that_ended_falls_with_it(world: World, tmp_path: Path) -> None:
    """From the import that ends the body on, badge, page and check say so."""
    async with world.db.transaction() as conn:
        await conn.execute("update body set status = 'abolished', run = 9 where uscc = $1", TSINGHUA.uscc)
        await announce(conn, world.clock.now(), "establishment.imported", "9", {})
    await world.clock.move(seconds=1)
    assert await verdict(world, f"https://{GENUINE}/") == "suspended"
    await world.page.goto(world.url(GENUINE))
    (shown,) = await badges(world.page)
    assert "已暂停" in shown
    await picture(world.page, "t10-ended-body", tmp_path)
    await world.page.goto(f"{world.site.url}/v/{world.mark.id}")
    assert "机构的登记状态已变" in await world.page.locator("main").inner_text()


async def test_t12_t13_the_badge_is_no_hole_and_knows_nobody(world: World) -> None:
    """The badge brings no script and no cookie, asks nobody else, and what is kept of a sighting holds nothing of the visitor."""
    requests: list[str] = []
    world.page.on("request", lambda request: requests.append(request.url))
    await world.page.goto(world.url(COPY))
    await world.page.goto(world.url(GENUINE))
    assert {url.split("/")[2] for url in requests} == {
        f"{GENUINE}:{world.port}", f"{COPY}:{world.port}", world.site.url.split("/")[2]
    }  # fmt: skip
    assert await world.page.context.cookies() == []
    frame = next(f for f in world.page.frames if "/badge/" in f.url)
    assert await frame.locator("script").count() == 0
    columns = await world.db.fetch(
        "select column_name from information_schema.columns where table_schema = 'verifier' and table_name = 'sighting'"
    )
    assert {row["column_name"] for row in columns} == {"day", "mark_id", "host", "door", "count", "first_at", "last_at"}


async def test_t14_an_outage_makes_the_badge_neutral_never_green(world: World, tmp_path: Path) -> None:
    """While the database is away the badge says that the state cannot be checked; it is still drawn on its own hosts only."""
    assert await verdict(world, f"https://{GENUINE}/") == "genuine"
    await world.db.close()
    await world.page.goto(world.url(GENUINE))
    (shown,) = await badges(world.page)
    assert "暂时无法核对" in shown
    assert "有效" not in shown
    await picture(world.page, "t14-outage", tmp_path)
    await world.page.goto(world.url(COPY))
    assert await badges(world.page) == []


async def test_a_genuine_site_that_links_to_another_mark_is_no_copy(world: World) -> None:
    """Coming from another genuine site the visitor is told calmly whose mark it is, and no case is opened."""
    await world.db.execute("insert into verifier.mark_host values ($1, $2)", world.mark.id, to_a("www.清华大学.公益"))
    async with world.db.transaction() as conn:
        await announce(conn, world.clock.now(), "mark.issued", world.mark.id, {})
    await world.clock.move(seconds=1)
    other = world.mark.id
    text = await (
        await world.site.client.get(f"/v/{other}", headers={"Referer": f"https://{to_a('www.清华大学.公益')}/"})
    ).text()
    assert "与标识相符" in text
    assert await world.db.fetchval("select count(*) from verifier.case_file") == 0


def test_the_word_of_the_moment_changes_and_differs() -> None:
    """Ten minutes one word, then another; each mark has its own, and each secret. Just after the change the last one is known."""
    start = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
    words = {moment_of(b"k", "A", start + timedelta(seconds=s)).word for s in range(0, SECONDS, 60)}
    assert len(words) == 1
    later = {moment_of(b"k", "A", start + timedelta(seconds=SECONDS * n)).word for n in range(200)}
    assert len(later) > 80
    assert moment_of(b"k", "A", start) != moment_of(b"k", "B", start)
    assert moment_of(b"k", "A", start) != moment_of(b"other", "A", start)
    before = moment_before(b"k", "A", start + timedelta(seconds=5))
    assert before == moment_of(b"k", "A", start - timedelta(seconds=5))
    assert moment_before(b"k", "A", start + timedelta(seconds=100)) is None
