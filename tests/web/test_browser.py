"""The public pages in a real browser: how they look, and whether everybody can use them."""

import os
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from aiohttp import web
from playwright.async_api import Browser, Page, ViewportSize

from registry.kernel.config import Config
from registry.kernel.db import Database
from tests.kit.clock import FakeClock
from tests.verifier.test_issue import ATTESTED, Zone
from tests.verifier.world import TAX, YANGJIANG, fill
from tests.web.site import NARROW, WIDE, Site, browsing, serving, violations
from tests.web.test_pages import MORE
from verifier.marks.change import change_mark
from verifier.marks.issue import MarkOrder, issue_mark
from verifier.marks.states import MarkAct
from verifier.marks.store import Mark
from verifier.web.form_tokens import SLOW_SECONDS

GALLERY = os.environ.get("ZHENGMING_GALLERY", "")  # a folder that keeps the pictures; else they go with the test


@dataclass(frozen=True)
class Stage:
    """A running site, its marks, and the browser."""

    site: Site
    browser: Browser
    mark: Mark
    suspended: Mark
    clock: FakeClock

    def paths(self) -> dict[str, str]:
        """Every public page of the home and the verifier, by the name of its picture."""
        return {
            "home": "/",
            "verify": "/verify",
            "verify-genuine": "/verify?u=https://清华大学.公益/",
            "verify-impersonation": "/verify?u=https://清华大学.公益@evil.example/login",
            "verify-lookalike": "/verify?u=https://清毕大学.公益/",
            "verify-unknown": "/verify?u=https://example.com/",
            "verify-suspended": f"/verify?u=https://{TAX.holds}/",
            "mark": f"/v/{self.mark.id}",
            "mark-elsewhere": f"/v/{self.mark.id}?from=evil.example",
            "mark-suspended": f"/v/{self.suspended.id}",
            "badge": f"/badge/{self.mark.id}",
            "badge-suspended": f"/badge/{self.suspended.id}",
            "report": "/report",
            "report-received": "/report/received?number=0123456789AB",
            "report-progress": "/report/progress?number=0123456789AB",
            "scan": "/verify/scan",
            "extension": "/verify/extension",
            "error-refused": "/refuse",
            "error-missing": "/no-such-page",
            "error-fault": "/break",
        }


@pytest.fixture
async def stage(db: Database, clock: FakeClock, config: Config) -> AsyncIterator[Stage]:
    """Two marked bodies, one of them suspended."""
    await fill(db)
    async with serving(db, clock, config, MORE) as site, browsing() as browser:
        mark = await issue_mark(db, ATTESTED, clock, site.config, Zone())
        other = await issue_mark(db, MarkOrder(TAX.uscc, TAX.holds, attested="x"), clock, site.config, Zone())
        await issue_mark(db, MarkOrder(YANGJIANG.uscc, YANGJIANG.holds, attested="x"), clock, site.config, Zone())
        suspended = await change_mark(db, other.id, MarkAct.SUSPEND, "网页内容异常，正在核查", "person:operator", clock)
        yield Stage(site, browser, mark, suspended, clock)


async def picture(page: Page, name: str, folder: Path) -> None:
    await page.screenshot(path=folder / f"{name}.png", full_page=not name.startswith("badge"))


PASSES: list[tuple[str, ViewportSize, Literal["light", "dark"]]] = [
    ("1280", WIDE, "light"),
    ("390-dark", NARROW, "dark"),
]
if GALLERY:  # for people who look; what a machine can see it has seen in the other two
    PASSES += [("390", NARROW, "light"), ("1280-dark", WIDE, "dark")]


@pytest.mark.parametrize(("label", "viewport", "scheme"), PASSES)
async def test_every_page_works_for_everybody(
    stage: Stage, tmp_path: Path, label: str, viewport: ViewportSize, scheme: Literal["light", "dark"]
) -> None:
    """At both widths, light and dark, no page scrolls sideways, complains in the console or breaks WCAG 2.1 AA."""
    folder = Path(GALLERY) if GALLERY else tmp_path
    context = await stage.browser.new_context(viewport=viewport, color_scheme=scheme, locale="zh-CN")
    page = await context.new_page()
    complaints: list[str] = []
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    wrong = []
    for name, path in stage.paths().items():
        if name.startswith("badge"):
            await page.set_viewport_size({"width": 320, "height": 84})
        answer = await page.goto(stage.site.url + path)
        assert answer is not None
        await picture(page, f"{name}-{label}", folder)
        wrong += [f"{name}: {line}" for line in await violations(page)]
        sideways = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        wrong += [f"{name}: scrolls sideways by {sideways}"] if sideways > 0 else []
        await page.set_viewport_size(viewport)
    wrong += [text for text in complaints if "status of" not in text]  # the browser tells of 404 and its like itself
    assert not wrong, "\n".join(wrong)
    await context.close()


async def test_a_citizen_gets_the_answer_in_one_step(stage: Stage) -> None:
    """Without JavaScript, with the keyboard alone: paste, press Enter, read the verdict, see the way to the real site, report the fake."""
    context = await stage.browser.new_context(viewport=NARROW, java_script_enabled=False, locale="zh-CN")
    page = await context.new_page()
    await page.goto(stage.site.url)
    await page.keyboard.press("Tab")
    assert "跳到正文" in (await page.locator(":focus").inner_text())
    await page.locator("#q").fill("https://清华大学.公益.evil.example/")
    await page.keyboard.press("Enter")
    await page.wait_for_url(re.compile(r"/verify\?u="))
    heading = page.get_by_role("heading", level=1)
    assert "仿冒网站" in await heading.inner_text()
    genuine = page.get_by_role("link", name="前往真正的官方网站")
    assert await genuine.get_attribute("href") == stage.mark.origin + "/"
    await report_by_hand(stage, page)
    await context.close()


async def report_by_hand(stage: Stage, page: Page) -> None:
    await page.goto(f"{stage.site.url}/verify?u=https://清毕大学.公益/")
    await page.get_by_role("link", name="举报这个网站").click()
    assert await page.get_by_label("可疑网站的地址").input_value() == "https://清毕大学.公益/"
    await page.get_by_label("它冒充谁").fill("冒充清华大学")
    await stage.clock.move(seconds=SLOW_SECONDS)  # nobody types faster
    await page.get_by_role("button", name="提交举报").click()
    await page.wait_for_url(re.compile(r"/report/received\?number="))
    assert "举报已收到" in await page.get_by_role("heading", level=1).inner_text()


def test_the_stage_shows_errors_too() -> None:
    """The pages of refusal and fault are among those looked at."""
    assert {route.path for route in MORE if isinstance(route, web.RouteDef)} >= {"/refuse", "/break"}
