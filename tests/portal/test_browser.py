"""The portal in a real browser: how its pages look, and whether everybody can use them."""

import base64
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Browser, BrowserContext, Page, ViewportSize

from registry.audit.sequencer import seal_once
from registry.flows.act import Caller
from registry.flows.institution.draft import DraftAct, draft_act
from registry.flows.review.send_back import SendBack, send_back
from registry.flows.session.totp import code_at, step_of
from registry.jobs.figures_count import run_count
from registry.model.institution import ActKind
from registry.portal.rights import RIGHTS
from tests.portal.test_cases import reported
from tests.portal.test_review import decide
from tests.portal.world import BY_NAME, COUNTY, PASSWORD, RIVAL, SECRET, WISHES, Portal, code_of, filed
from tests.web.site import NARROW, WIDE, browsing, violations
from verifier.reports.desk import CaseDesk

HELD = "xn--cjr3oq45b2ugyk9c4bf.xn--55qw42g"
# Pages that other tests look at, and addresses that give no page.
ELSEWHERE = {
    "/portal",
    "/portal/sign-in",
    "/portal/setup",
    "/portal/registrar/report",
    "/portal/documents/1",
    "/portal/responsible/W",
    "/portal/applications/W/letter",
    "/portal/comparisons/1",
    "/portal/comparisons/1/report",
    "/portal/comparisons/1/export",
    "/portal/comparisons/1/findings/1",
    "/portal/cases/1/package",
    "/portal/cases/1/evidence/1",
}
GALLERY = os.environ.get("ZHENGMING_GALLERY", "")  # a folder that keeps the pictures; else they go with the test


@dataclass(frozen=True)
class Stage:
    """A running portal with something on every page, and the browser."""

    portal: Portal
    browser: Browser
    waiting: str
    endorsed: str
    refused: str
    returned: str
    letter: int
    task: int
    act: str
    case: str

    def pages(self) -> dict[str, tuple[str, str]]:
        """By the name of its picture: who is signed in, and the address."""
        return {
            "desk": ("agency-county", "/portal/"),
            "apply": ("agency-county", "/portal/apply?name=长沙县文化.公益"),
            "application-agency": ("agency-county", f"/portal/applications/{self.waiting}"),
            "queue": ("reviewer-city", "/portal/queue"),
            "queue-second": ("reviewer-city", "/portal/queue?view=second"),
            "card": ("reviewer-county", f"/portal/applications/{self.waiting}"),
            "card-second": ("reviewer-city", f"/portal/applications/{self.endorsed}"),
            "card-refused": ("reviewer-central", f"/portal/applications/{self.refused}"),
            "overview": ("operator", "/portal/"),
            "accounts": ("security-officer", "/portal/accounts"),
            "account": ("security-officer", "/portal/accounts/agency"),
            "audit": ("auditor", "/portal/audit"),
            "disclosure": ("operator", "/portal/disclosure"),
            "cases": ("security-officer", "/portal/cases"),
            "case": ("security-officer", f"/portal/cases/{self.case}"),
            "dispute": ("reviewer-city", f"/portal/applications/{self.waiting}/dispute"),
            "returned": ("agency-abroad", f"/portal/applications/{self.returned}"),
            "inbox": ("agency-abroad", "/portal/notices"),
            "letter": ("agency-abroad", f"/portal/notices/{self.letter}"),
            "addresses": ("agency", "/portal/notices/addresses"),
            "registrar": ("registrar", "/portal/registrar"),
            "letter-templates": ("reviewer-central", "/portal/letter-templates"),
            "absence": ("reviewer-county", "/portal/absence"),
            "locks": ("operator", "/portal/locks"),
            "registrars": ("operator", "/portal/registrars"),
            "commands": ("operator", "/portal/commands"),
            "rehearsal": ("registrar", "/portal/rehearsal"),
            "institution": ("agency-county", "/portal/institution"),
            "institutions": ("reviewer-county", "/portal/institutions"),
            "institution-new": ("agency-county", "/portal/institutions/new?kind=change"),
            "institution-act": ("agency-county", f"/portal/institutions/{self.act}"),
            "comparisons": ("operator", "/portal/comparisons"),
            "corrections": ("reviewer-province", "/portal/corrections"),
            "figures": ("operator", "/portal/figures"),
            "dns": ("operator", "/portal/dns"),
            "bodies": ("reviewer-county", "/portal/bodies?q=长沙县"),
            "body": ("reviewer-county", f"/portal/bodies/{code_of(COUNTY)}"),
            "body-tasks": ("reviewer-county", "/portal/body-tasks"),
            "body-task": ("reviewer-county", f"/portal/body-tasks/{self.task}"),
            "held-name": ("agency-county", f"/portal/names/{HELD}"),
            "changes": ("reviewer-county", "/portal/changes"),
            "password": ("agency", "/portal/password"),
            "account-orders": ("security-officer", "/portal/account-orders"),
            "account-order": ("security-officer", "/portal/account-orders/new"),
            "deliveries": ("operator", "/portal/deliveries"),
            "not-permitted": ("auditor", "/portal/accounts"),
            "not-found": ("reviewer-county", "/portal/applications/NOTHING"),
        }


@pytest.fixture
async def stage(portal: Portal) -> AsyncIterator[Stage]:
    """Applications in several stages, a sealed journal."""
    endorsed = await filed(portal.runner, "city", note="本馆通用简称，见市编办批复。")
    await decide(portal.runner, "reviewer-city", endorsed, "approve", "简称通用，无同名单位。")
    refused = await filed(portal.runner, "central")
    await decide(portal.runner, "reviewer-central", refused, "refuse", "简称易与清华系企业混淆，请使用全称“清华大学”。")
    await portal.clock.move(days=9)
    waiting = await filed(portal.runner, "county", note="“长沙县文化”为多年通用简称。\n用于县文化馆门户网站。")
    await filed(portal.runner, "agency-rival", WISHES["county"])
    await portal.clock.move(days=1)
    tab = await (await portal.as_("agency-county")).get("/portal/apply")
    await tab.post("/portal/apply", {"name": "长沙县文化馆", "tld": "公益", "step": "file"})
    while await seal_once(portal.runner.db):
        pass
    returned = await filed(portal.runner, "abroad")
    reviewer = BY_NAME["abroad-county"]
    order = SendBack(returned, ("basis", "traditional"), "请说明简称的来历，并附批复文号。")
    await portal.runner.run(Caller("person", reviewer.username), lambda act: send_back(act, reviewer, order))
    letter = await portal.runner.db.fetchval("select max(id) from notice where kind = 'application.returned'")
    await run_count(portal.runner)
    task = await changed_body(portal)
    own, change = BY_NAME["agency-county"], DraftAct(ActKind.CHANGE, code_of(COUNTY), {"legal_representative": "李四"})
    act = await portal.runner.run(Caller("person", own.username), lambda act: draft_act(act, own, change))
    async with browsing() as browser:
        yield Stage(
            portal, browser, waiting, endorsed, refused, returned, letter, task, act, await confirmed_case(portal)
        )


async def confirmed_case(portal: Portal) -> str:
    """A fake that was reported, looked into and confirmed."""
    case = await reported(portal)
    desk = CaseDesk(portal.runner.db, portal.clock, portal.runner.config)
    for act, words in (("take", ""), ("confirm", "查实为假冒，已请注册商停止解析。")):
        await desk.handle(case, act, words, "person:security-officer")
    return case


async def changed_body(portal: Portal) -> int:
    """The body of the county's name is merged into another; returns the task's number."""
    await portal.runner.db.execute(
        """insert into body_task (opened_at, uscc, event, region, level, successors, detail, names, sites, marks, due_at)
           values ($1, $2, 'merged', '430121', 'county', array[$3], $4, $5, '[]', '[]', $1::timestamptz + interval '30 days')""",
        portal.clock.now(), code_of(COUNTY), code_of(RIVAL), {"name": [COUNTY[3], COUNTY[3]], "status": ["normal", "merged"]},
        [{"name": HELD, "unicode": "长沙县文化馆.公益", "roid": "D1", "registrar": "registrar-a"}],
    )  # fmt: skip
    return int(await portal.runner.db.fetchval("select max(id) from body_task"))


async def sign_in(portal: Portal, page: Page, username: str) -> None:
    """As a person does: type and press the button."""
    await portal.runner.db.execute("update person set totp_step = 0 where username = $1", username)
    await page.goto(portal.url + "/portal/sign-in")
    await page.get_by_label("用户名").fill(username)
    await page.get_by_label("口令").fill(PASSWORD)
    await page.get_by_label("动态码").fill(code_at(base64.b32decode(SECRET), step_of(portal.clock.now())))
    await page.get_by_role("button", name="登录").click()


async def check(page: Page, name: str, label: str, folder: Path) -> list[str]:
    """The picture, and what is wrong with the page."""
    await page.screenshot(path=folder / f"portal-{name}-{label}.png", full_page=True)
    wrong = [f"{name}: {line}" for line in await violations(page)]
    sideways = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wrong + ([f"{name}: scrolls sideways by {sideways}"] if sideways > 0 else [])


async def after_forms(stage: Stage, context: BrowserContext, label: str, folder: Path) -> list[str]:
    """The pages that answer a form: a wrong password, a verdict, a missing reason, a proof."""
    page = await context.new_page()
    await page.goto(stage.portal.url + "/portal/sign-in")
    wrong = await check(page, "sign-in", label, folder)
    await page.get_by_label("用户名").fill("agency")
    await page.get_by_label("口令").fill("a wrong one")
    await page.get_by_label("动态码").fill("000000")
    await page.get_by_role("button", name="登录").click()
    wrong += await check(page, "sign-in-wrong", label, folder)
    await sign_in(stage.portal, page, "agency-county")
    for name in ("长沙县文化", "北京大学"):
        await page.goto(stage.portal.url + "/portal/apply")
        await page.get_by_label("名称", exact=False).first.fill(name)
        await page.get_by_label(".公益").check()
        await page.get_by_role("button", name="先看结论").click()
        wrong += await check(page, f"apply-{'review' if name != '北京大学' else 'refuse'}", label, folder)
    await page.context.clear_cookies()
    await sign_in(stage.portal, page, "reviewer-county")
    await page.goto(stage.portal.url + f"/portal/applications/{stage.waiting}")
    await page.get_by_role("button", name="驳回").click()
    wrong += await check(page, "card-no-reason", label, folder)
    await page.context.clear_cookies()
    await sign_in(stage.portal, page, "auditor")
    await page.get_by_role("button", name="校验全链").click()
    wrong += await check(page, "audit-proof", label, folder)
    await page.context.clear_cookies()
    await page.close()
    return wrong


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
    complaints: list[str] = []
    context.on("console", lambda one: complaints.append(one.text) if one.type in {"error", "warning"} else None)
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    wrong = await after_forms(stage, context, label, folder)
    page = await context.new_page()
    signed_in = ""
    for name, (who, path) in stage.pages().items():
        if who != signed_in:
            await context.clear_cookies()
            await sign_in(stage.portal, page, who)
            signed_in = who
        await page.goto(stage.portal.url + path)
        wrong += await check(page, name, label, folder)
    wrong += [text for text in complaints if "status of" not in text]  # the browser tells of 403 and its like itself
    assert not wrong, "\n".join(wrong)
    await context.close()


def test_every_readable_route_has_its_picture() -> None:
    """The list of pages above is held against the table of rights: a page that nobody looked at fails here."""
    shown = Stage.pages(Stage(None, None, "W", "E", "R", "B", 1, 1, "A", "C")).values()  # type: ignore[arg-type]  # only the addresses
    paths = {path.partition("?")[0] for _, path in shown} | ELSEWHERE
    patterns = {right.path for right in RIGHTS if right.method == "GET"}
    covered = {pattern for pattern in patterns for path in paths if _matches(pattern, path)}
    assert covered == patterns


def _matches(pattern: str, path: str) -> bool:
    parts, found = pattern.split("/"), path.split("/")
    return len(parts) == len(found) and all(
        a == b or (a.startswith("{") and b) for a, b in zip(parts, found, strict=True)
    )


async def test_the_journey_needs_no_script(stage: Stage) -> None:
    """Without JavaScript: the agency applies, the county and the city decide, and the name is on the agency's desk."""
    context = await stage.browser.new_context(viewport=NARROW, java_script_enabled=False, locale="zh-CN")
    page = await context.new_page()
    await sign_in(stage.portal, page, "agency-county")
    await page.get_by_role("link", name="申请名称").first.click()
    await page.get_by_label("名称", exact=False).first.fill("星沙文化馆")
    await page.get_by_label(".公益").check()
    await page.get_by_role("button", name="提交申请").click()
    application = page.url.rpartition("/")[2]
    assert "待审核" in await page.inner_text("main")
    await page.get_by_role("button", name="退出").click()
    for who, stand in (("reviewer-county", "拟同意，待复核"), ("reviewer-city", "已批准")):
        await sign_in(stage.portal, page, who)
        await page.goto(stage.portal.url + "/portal/queue")
        await page.locator(f'a[href$="{application}"]').click()
        await page.get_by_label("理由").fill("名称与职能相符")
        await page.get_by_role("button", name="同意").click()
        assert stand in await page.inner_text("main")
        await page.get_by_role("button", name="退出").click()
    await sign_in(stage.portal, page, "agency-county")
    assert "星沙文化馆.公益" in await page.inner_text("main")
    await context.close()


async def test_the_keyboard_alone_signs_in(stage: Stage) -> None:
    """Tab and Enter are enough, and the skip link comes first."""
    context = await stage.browser.new_context(viewport=WIDE, java_script_enabled=False, locale="zh-CN")
    page = await context.new_page()
    await page.goto(stage.portal.url + "/portal/sign-in")
    await page.keyboard.press("Tab")
    assert await page.locator(":focus").get_attribute("href") == "#main"
    await page.get_by_label("用户名").focus()
    await page.keyboard.type("auditor")
    await page.keyboard.press("Tab")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Tab")
    await page.keyboard.type(code_at(base64.b32decode(SECRET), step_of(stage.portal.clock.now())))
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/portal/audit")
    assert "链头" in await page.inner_text("main")
    await context.close()
