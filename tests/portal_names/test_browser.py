"""The live check of names in a real browser: as it is typed, with the keyboard, at two widths, for everybody."""

import os
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Page, ViewportSize, expect

from registry.flows.runner import Runner
from tests.portal_names.place import TSINGHUA, serving
from tests.web.site import NARROW, WIDE, browsing, violations

GALLERY = os.environ.get("ZHENGMING_GALLERY", "")  # a folder that keeps the pictures; else they go with the test


async def type_names(page: Page, url: str, names: str) -> None:
    await page.goto(f"{url}/names/check")
    await page.get_by_label("统一社会信用代码").fill(TSINGHUA)
    await page.get_by_label(".公益").check()
    await page.get_by_label("拟用名称").press_sequentially(names)


@pytest.mark.parametrize(
    ("label", "viewport", "scheme"), [("1280", WIDE, "light"), ("390", NARROW, "light"), ("390-dark", NARROW, "dark")]
)
async def test_the_page_works_for_everybody(
    runner: Runner, tmp_path: Path, label: str, viewport: ViewportSize, scheme: Literal["light", "dark"]
) -> None:
    """Empty and with answers of every kind: nothing scrolls sideways, nothing complains, WCAG 2.1 AA holds."""
    folder = Path(GALLERY) if GALLERY else tmp_path
    async with serving(runner) as client, browsing() as browser:
        page = await (await browser.new_context(viewport=viewport, color_scheme=scheme, locale="zh-CN")).new_page()
        wrong: list[str] = []
        page.on("console", lambda said: wrong.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        url = str(client._base_url).rstrip("/")
        await page.goto(f"{url}/names/check")
        await page.screenshot(path=folder / f"names-empty-{label}.png", full_page=True)
        wrong += await violations(page)
        await type_names(page, url, "清华大学\n清华\n北京大学\nＡ清华大学\n清华！大学")
        await expect(page.locator(".candidate")).to_have_count(5)
        await page.screenshot(path=folder / f"names-{label}.png", full_page=True)
        wrong += await violations(page)
        sideways = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert sideways <= 0
        assert not wrong, "\n".join(wrong)


async def test_answers_come_while_one_types(runner: Runner) -> None:
    """Without sending the form a card appears for each line, and follows the text; an empty text takes them away."""
    async with serving(runner) as client, browsing() as browser:
        page = await browser.new_page()
        await type_names(page, str(client._base_url).rstrip("/"), "清华大学")
        card = page.locator(".candidate")
        await expect(card).to_have_count(1)
        await expect(card).to_contain_text("通过")
        await expect(card.locator('[data-part="traditional"]')).to_have_text("清華大學.公益")
        await expect(card.locator('[data-part="octets"]')).to_have_text("17")
        await page.get_by_label("拟用名称").press_sequentially("\n北京大学")
        await expect(card).to_have_count(2)
        await expect(card.nth(1)).to_contain_text("不予通过")
        await page.get_by_label("拟用名称").fill("")
        await expect(card).to_have_count(0)
        assert page.url.endswith("/names/check")


async def test_a_suggestion_is_taken_with_one_key(runner: Runner) -> None:
    """Choosing a suggestion puts it in place of the line that it answers, and the new line is checked at once."""
    async with serving(runner) as client, browsing() as browser:
        page = await browser.new_page()
        await type_names(page, str(client._base_url).rstrip("/"), "清华\n北京大学")
        await expect(page.locator(".candidate")).to_have_count(2)
        link = page.locator(".candidate").nth(1).get_by_role("link", name="清华大学.公益")
        await link.focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_label("拟用名称")).to_have_value("清华\n清华大学.公益")
        await expect(page.locator(".candidate").nth(1)).to_contain_text("通过")


async def test_without_a_script_the_form_does_the_same(runner: Runner) -> None:
    """JavaScript switched off: the form is sent, the answers stand below it, and a suggestion is a link."""
    async with serving(runner) as client, browsing() as browser:
        page = await (await browser.new_context(java_script_enabled=False)).new_page()
        await type_names(page, str(client._base_url).rstrip("/"), "北京大学")
        await page.get_by_role("button", name="核对").click()
        await expect(page.locator(".candidate")).to_contain_text("不予通过")
        await page.get_by_role("link", name="清华大学.公益").click()
        await expect(page.locator(".candidate")).to_contain_text("通过")
        await expect(page.get_by_label("拟用名称")).to_have_value("清华大学.公益")
