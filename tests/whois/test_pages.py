"""The look-up pages and the directory, in HTTP and in a real browser."""

import os
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.web.site import NARROW, WIDE, browsing, violations
from tests.whois.conftest import Doors
from tests.whois.world import BUREAU_OLD, PLAIN, TAX, TSINGHUA, UNIVERSITY
from whois.web.question import CodeQuestion, NameQuestion, NoQuestion, Question, WordQuestion, read_question

GALLERY = os.environ.get("ZHENGMING_GALLERY", "")  # a folder that keeps the pictures; else they go with the test
PAGES = {
    "lookup": "/lookup",
    "lookup-name": f"/lookup?q={quote('清华大学.公益')}",
    "lookup-host": f"/lookup?q={quote('https://www.清华大学.公益/about')}",
    "lookup-variant": f"/lookup?q={quote('国家稅务总局.政务')}",
    "lookup-plain": f"/lookup?q={PLAIN}",
    "lookup-missing": f"/lookup?q={quote('没有的.公益')}",
    "lookup-elsewhere": "/lookup?q=www.example.com",
    "lookup-body": f"/lookup?q={TAX}",
    "lookup-code": f"/lookup?q={TSINGHUA[:-1]}E",
    "lookup-no-body": "/lookup?q=91350100M000100Y43",
    "lookup-word": f"/lookup?q={quote('大学')}",
    "lookup-no-word": f"/lookup?q={quote('没有这样的机构')}",
    "terms": "/lookup/terms",
    "directory": "/directory",
    "directory-filtered": f"/directory?kind=12&q={quote('大学')}",
    "directory-empty": "/directory?region=430100",
    "directory-pinyin": "/directory?q=qinghua",
    "directory-print": "/directory/print",
    "open-data": "/directory/open",
    "bulk": "/lookup/bulk",
}


async def text_of(doors: Doors, path: str, status: int = 200) -> str:
    async with doors.client.get(doors.url + path) as answer:
        assert answer.status == status, path
        return await answer.text()


async def test_a_citizen_sees_whose_it_is(doors: Doors) -> None:
    """The page of a name says holder, code, kind, mark, spellings and a link to pass on; engineers find theirs below."""
    for question in ("清华大学.公益", "清华大学。公益", "清華大學.公益", UNIVERSITY, f"HTTPS://{UNIVERSITY}:443/x?y#z"):
        text = await text_of(doors, f"/lookup?q={quote(question)}")
        for words in ("属于 清华大学", TSINGHUA, "事业单位", "网站标识有效", f"/v/{doors.world.mark}", "清華大學.公益"):
            assert words in text, words
        for words in ("演示注册服务机构甲", "ns2.provider.example", "12345 13 2", "/rdap/domain/xn--"):
            assert words in text, words


async def test_a_host_below_a_name_leads_to_the_name(doors: Doors) -> None:
    """Whoever pastes a long address learns who answers for it."""
    text = await text_of(doors, f"/lookup?q={quote('https://jw.清华大学.公益/login')}")
    assert "jw.清华大学.公益" in text
    assert "属于 清华大学" in text


async def test_other_spellings_and_unknown_names_are_explained(doors: Doors) -> None:
    """Blocked, withheld, retired, unknown and foreign names each get a sentence that says what to do."""
    assert "已封锁" in await text_of(doors, f"/lookup?q={quote('国家稅务总局.政务')}")
    assert "没有注册这个名称" in await text_of(doors, f"/lookup?q={quote('没有的.公益')}", 404)
    assert "不在本系统管理的范围" in await text_of(doors, "/lookup?q=www.example.com", 404)
    await doors.db.execute("delete from bundle_name where name = $1", BUREAU_OLD)
    assert "为其持有者保留" in await text_of(doors, f"/lookup?q={BUREAU_OLD}")


async def test_states_of_a_name_are_told(doors: Doors) -> None:
    """A name on hold, one on its way out, and one whose body is gone do not look good."""
    path = f"/lookup?q={UNIVERSITY}"
    await doors.db.execute("update domain set statuses = '{serverHold}' where name = $1", UNIVERSITY)
    assert "暂停解析" in await text_of(doors, path)
    await doors.db.execute("update body set status = 'abolished' where uscc = $1", TSINGHUA)
    text = await text_of(doors, path)
    assert "登记的机构已撤销" in text
    assert "网站标识已暂停" in text
    await doors.db.execute("update domain set deleted_at = now() where name = $1", UNIVERSITY)
    assert "正在注销" in await text_of(doors, path)


async def test_bodies_are_found_by_code_and_name(doors: Doors) -> None:
    """A code and a name in any script lead to the body with its names; a slip in a code is explained."""
    for question in (TAX, TAX.lower(), "国家税务总局", "國家稅務總局", "税务总局"):
        text = await text_of(doors, f"/lookup?q={quote(question)}")
        assert "国家税务总局.政务" in text
        assert "国家税务局" in text
    assert "校验" in await text_of(doors, f"/lookup?q={TSINGHUA[:-1]}E", 422)
    assert "名录库里没有" in await text_of(doors, "/lookup?q=91350100M000100Y43", 404)
    assert "清华大学.公益" in await text_of(doors, f"/lookup?q={quote('大学')}")
    assert "没有查到" in await text_of(doors, f"/lookup?q={quote('没有这样的机构')}", 404)


async def test_the_directory_lists_bodies_with_names(doors: Doors) -> None:
    """The directory filters by kind, region and word, and ignores parameters that mean nothing."""
    text = await text_of(doors, "/directory")
    assert "清华大学.公益" in text
    assert "国家税务总局.政务" in text
    assert "国家税务总局.政务" not in await text_of(doors, "/directory?kind=12")
    assert "这里没有符合条件" in await text_of(doors, "/directory?region=430100")
    assert "清华大学.公益" in await text_of(doors, "/directory?region=xx&kind=%25")


NOISE = (
    "%00",
    "%ff%fe",
    "a" * 5000,
    "<script>alert(1)</script>",
    "'\"><img>",
    "%F0%9F%98%80",
    "..",
    "://",
    "@",
    "a%0d%0ab",
)


async def test_noise_is_answered_with_a_page(doors: Doors) -> None:
    """No text in the box breaks the page or comes back as markup."""
    for noise in NOISE:
        for path in ("/lookup?q=", "/directory?q=", "/directory?after="):
            async with doors.client.get(doors.url + path + noise) as answer:
                text = await answer.text()
                assert answer.status in (200, 404), text
            assert "<script>alert" not in text
            assert "<img>" not in text


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("", NoQuestion()), ("  ", NoQuestion()), ("清华大学.公益", NameQuestion("清华大学.公益", "清华大学.公益")),
        ("http://user:pw@www.清华大学。公益:8080/a.b?c=d.e", NameQuestion("清华大学.公益", "www.清华大学.公益")),
        ("//清华大学.公益", NameQuestion("清华大学.公益", "清华大学.公益")), ("１２１０ ００００ ４０００ ００６２ ４Ｄ", CodeQuestion(TSINGHUA)),
        ("清华 大学", WordQuestion("清华 大学")), ("清华大学", WordQuestion("清华大学")),
    ],
)  # fmt: skip
def test_the_box_understands(text: str, question: Question) -> None:
    """Names, addresses, codes in groups and full width, and words are told apart."""
    assert read_question(text) == question


DARK = ("lookup-name", "lookup-variant", "lookup-missing", "directory-filtered")


async def test_every_page_works_for_everybody(doors: Doors, tmp_path: Path) -> None:
    """Nothing is cut off at either width, axe finds nothing against WCAG 2.1 AA by day or by night, and no script is needed."""
    folder = Path(GALLERY) if GALLERY else tmp_path
    async with browsing() as browser:
        for label, viewport, dark in (("1280", WIDE, False), ("390", NARROW, False), ("390-dark", NARROW, True)):
            page = await browser.new_page(viewport=viewport, color_scheme="dark" if dark else "light")
            for name in DARK if dark else PAGES:
                await page.goto(doors.url + PAGES[name])
                await page.screenshot(path=folder / f"{name}-{label}.png", full_page=True)
                await page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
                width = await page.evaluate("document.documentElement.scrollWidth")
                assert width <= viewport["width"], f"{name} is {width} pixels wide"
                assert name.startswith("directory") or not await page.query_selector("script"), name
                if label != "1280":  # the same page twice would tell the same
                    assert await violations(page) == [], name
