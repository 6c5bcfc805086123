"""The service functions that the indicators ask of a government site (domain-rules.md 5.2, 5.3, 10.4 M9 and M14), and the age of unanswered messages.

The five functions: publishing (信息公开), interpreting (政策解读), services (办事服务), interaction (互动交流), search (站内搜索).
"""

import re
from datetime import date
from urllib.parse import parse_qs, urlsplit

from registry.kernel.clock import BEIJING
from registry.kernel.ids import new_public_id
from verifier.checks.badge import icp_numbers, site_codes
from verifier.checks.dates import dates_in
from verifier.checks.fact import Seen
from verifier.checks.page import Page, rows_of
from verifier.checks.visit import Visit
from verifier.fetch.charset import read_page
from verifier.fetch.fetcher import Errand, join

CONSULTATION_SETTING = "consultation"  # the address of the list of public questions
FUNCTIONS: dict[str, re.Pattern[str]] = {
    "publishing": re.compile("信息公开|政务公开|政府信息公开|公开指南|院务公开|校务公开"),
    "interpreting": re.compile("政策解读|解读回应|新闻发布|回应关切|在线解读"),
    "services": re.compile("办事服务|政务服务|网上办事|办事指南|服务大厅|便民服务|在线服务"),
    "interaction": re.compile(
        "互动交流|政民互动|公众参与|咨询投诉|领导信箱|局长信箱|市长信箱|在线咨询|我要留言|民意征集|交流互动"
    ),
}
_CORRECTION = re.compile(r"jiucuo|网站找错|我为政府网站找错|政府网站找错")
_SEARCH = re.compile("搜索|检索|search", re.IGNORECASE)
_ANSWERED = re.compile("已回复|已答复|已办结|办结|已办理|答复时间|回复时间|答复内容")
_OPEN = re.compile("未回复|待回复|处理中|办理中|受理中|待办理|待答复|未答复")


async def observe(visit: Visit) -> Seen:
    """Facts: ``functions``, ``correction`` (with its code), ``site_codes``, ``icps``, ``missing_page`` (status of no path), ``open_messages``."""
    if why := await visit.why_no_page():
        return visit.not_run("services", why)
    page, reading = await visit.page(), await visit.reading()
    missing = await visit.tools.fetcher.fetch(Errand(join(page.url, f"/{new_public_id(60).lower()}.html")))
    facts = {
        "functions": {
            **{name: _speaks(page, words) for name, words in FUNCTIONS.items()},
            "search": _searches(page, reading.text),
        },
        "correction": _correction(page),
        "site_codes": site_codes(page),
        "icps": icp_numbers(page),
        "missing_page": {"status": missing.status, "failure": str(missing.failure or "")},
        "open_messages": await _messages(visit),
    }
    return visit.seen("services", facts)


def _speaks(page: Page, words: re.Pattern[str]) -> bool:
    return any(words.search(link.text) for link in page.links)


def _searches(page: Page, html: str) -> bool:
    return any(_SEARCH.search(form) for form in page.forms) or bool(
        re.search(r"<input[^>]{0,300}(?:搜索|检索|关键[字词]|search)", html, re.IGNORECASE)
    )


def _correction(page: Page) -> dict[str, object] | None:
    """The entry 我为政府网站找错, with the code in its address; ``None`` without one."""
    for url in [
        *(link.url for link in page.links if _CORRECTION.search(link.url) or _CORRECTION.search(link.text)),
        *_script_entries(page),
    ]:
        codes = parse_qs(urlsplit(url).query).get("site_code", [])
        return {"url": url[:500], "code": codes[0] if codes else ""}
    return None


def _script_entries(page: Page) -> list[str]:
    return [one.src for one in page.scripts if _CORRECTION.search(one.src)]


async def _messages(visit: Visit) -> list[dict[str, str]] | None:
    """Questions of the public without an answer, oldest first; ``None`` when the site names no such page or it does not open."""
    url = visit.site.settings.get(CONSULTATION_SETTING, "")
    if not url:
        return None
    answer = await visit.tools.fetcher.fetch(Errand(url))
    if not answer.is_page:
        return None
    today = visit.at.astimezone(BEIJING).date()
    rows = rows_of(answer.final_url, read_page(answer.body, answer.last.header("content-type")), main=True)
    still: list[tuple[date, str]] = []
    for row in rows:
        asked = min(dates_in(row.beside, today), default=None)
        if asked is not None and (_OPEN.search(row.beside) or not _ANSWERED.search(row.beside)):
            still.append((asked, row.title))
    return [{"asked": asked.isoformat(), "title": title[:100]} for asked, title in sorted(still)[:100]]
