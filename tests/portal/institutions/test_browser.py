"""The pages about institutions in a real browser, full of what they show: how they look, and whether everybody can use them."""

import os
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import ViewportSize

from registry.flows.act import Caller
from registry.flows.institution.accept import AcceptAct, accept_act
from registry.flows.institution.decide import DecideAct, decide_act
from registry.flows.institution.send_back import ReturnAct, return_act
from registry.model.institution import ActMove
from tests.portal.institutions.test_pages import CHANGE, drafted, upload
from tests.portal.test_browser import check, sign_in
from tests.portal.world import ABROAD, BY_NAME, Portal, code_of
from tests.web.site import browsing

GALLERY = os.environ.get("ZHENGMING_GALLERY", "")  # a folder that keeps the pictures; else they go with the test
PASSES: list[tuple[str, ViewportSize, Literal["light", "dark"]]] = [
    ("1280", ViewportSize(width=1280, height=900), "light"),
    ("390-dark", ViewportSize(width=390, height=844), "dark"),
]


async def act_of(portal: Portal, username: str, purposes: tuple[str, ...] = ("form", "change", "certificate")) -> str:
    """A change that was drawn up, proved and filed through the pages."""
    act_id = await drafted(portal, username)
    tab = await portal.as_(username)
    for purpose in purposes:
        await tab.get(f"/portal/institutions/{act_id}")
        await upload(tab, portal, act_id, purpose)
    if len(purposes) > 1:
        await tab.get(f"/portal/institutions/{act_id}")
        await tab.post(f"/portal/institutions/{act_id}", {"step": "submit", "version": "1", **CHANGE})
        assert tab.status == 303, tab.text
    return act_id


async def staged(portal: Portal) -> dict[str, tuple[str, str]]:
    """Acts in every stage that looks different; by the name of a picture who sees it where."""
    run, act_of_county = portal.runner.run, await act_of(portal, "agency-county")
    first, second, away = BY_NAME["reviewer-county"], BY_NAME["reviewer-city"], BY_NAME["abroad-county"]
    approve = DecideAct(act_of_county, ActMove.APPROVE, "材料齐全，符合规定。")
    await run(Caller("person", first.username), lambda act: accept_act(act, first, AcceptAct(act_of_county)))
    await run(Caller("person", first.username), lambda act: decide_act(act, first, approve))
    await run(Caller("person", second.username), lambda act: decide_act(act, second, approve))
    waiting = await act_of(portal, "agency-city")
    await run(Caller("person", "reviewer-city"), lambda act: accept_act(act, second, AcceptAct(waiting)))
    returned = await act_of(portal, "agency-abroad")
    order = ReturnAct(returned, "任职文件缺少盖章页，请补充；变更日期与批复不一致，请核对。")
    await run(Caller("person", away.username), lambda act: return_act(act, away, order))
    draft = await act_of(portal, "agency-rival", ("form",))
    filed = await act_of(portal, "agency-province")
    notice = await portal.runner.db.fetchval("select id from public_notice")
    await portal.clock.move(days=50)
    return {
        "institution-registered": ("agency-county", "/portal/institution"),
        "act-registered": ("agency-county", f"/portal/institutions/{act_of_county}"),
        "new-cancel": ("agency-county", "/portal/institutions/new?kind=cancel"),
        "new-report": ("agency-county", "/portal/institutions/new?kind=report"),
        "new-establish": ("reviewer-county", "/portal/institutions/new?kind=establish"),
        "new-at-counter": ("reviewer-county", f"/portal/institutions/new?kind=change&uscc={code_of(ABROAD)}"),
        "act-waiting": ("reviewer-city", f"/portal/institutions/{waiting}"),
        "acts": ("reviewer-central", "/portal/institutions"),
        "act-filed": ("reviewer-province", f"/portal/institutions/{filed}"),
        "act-returned": ("agency-abroad", f"/portal/institutions/{returned}"),
        "act-draft": ("agency-rival", f"/portal/institutions/{draft}"),
        "act-auditor": ("auditor", f"/portal/institutions/{waiting}"),
        "announcements": ("", "/announcements"),
        "announcement": ("", f"/announcements/{notice}"),
    }


@pytest.mark.parametrize(("label", "viewport", "scheme"), PASSES)
async def test_the_pages_about_institutions_work_for_everybody(
    portal: Portal, tmp_path: Path, label: str, viewport: ViewportSize, scheme: Literal["light", "dark"]
) -> None:
    """Full of acts in every stage no page scrolls sideways, complains in the console or breaks WCAG 2.1 AA."""
    folder = Path(GALLERY) if GALLERY else tmp_path
    pages = await staged(portal)
    wrong: list[str] = []
    async with browsing() as browser:
        context = await browser.new_context(viewport=viewport, color_scheme=scheme, locale="zh-CN")
        context.on("console", lambda one: wrong.append(one.text) if one.type in {"error", "warning"} else None)
        context.on("weberror", lambda error: wrong.append(str(error.error)))
        page = await context.new_page()
        signed_in = None
        for name, (who, path) in pages.items():
            if who != signed_in:
                await context.clear_cookies()
                if who:
                    await sign_in(portal, page, who)
                signed_in = who
            answer = await page.goto(portal.url + path)
            assert answer is not None
            assert answer.status == 200, (name, answer.status)
            wrong += await check(page, name, label, folder)
    assert not wrong, "\n".join(wrong)
