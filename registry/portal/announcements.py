"""``/announcements``: the public notices (公告) about institutions, for everybody."""

from aiohttp import web

from registry.kernel.errors import Reason, Refusal
from registry.kernel.web.app import Context
from registry.kernel.web.pages import page
from registry.portal.forms import clean
from registry.portal.words import WORDS
from registry.published import public_notices
from registry.published.places import provinces

PAGE = 30
MAX_DIGITS = 18  # of a notice's number; PostgreSQL's bigint ends there
MAX_ID = 64  # characters
MAX_WORD = 60  # characters of a name that are searched for
_NEWEST = 2**62


def routes(context: Context) -> list[web.RouteDef]:
    """The list and one of them."""

    async def show_list(request: web.Request) -> web.Response:
        query = request.query
        word, region = clean(query.get("q", ""))[:MAX_WORD].strip(), query.get("region", "")
        region = region if region in {one.code for one in provinces()} else ""
        before = query.get("before", "")
        number = int(before) if before.isascii() and before.isdigit() and len(before) <= MAX_DIGITS else _NEWEST
        found = await public_notices.newest(context.db, word, region[:2], number, PAGE + 1)
        following = found[PAGE - 1].number if len(found) > PAGE else 0
        return page(
            request, "registry.portal/announcements.html", notices=found[:PAGE], before=following, word=word, region=region, words=WORDS,
            provinces=provinces(), max_word=MAX_WORD,
        )  # fmt: skip

    async def show_one(request: web.Request) -> web.Response:
        notice = await public_notices.find(context.db, request.match_info["id"][:MAX_ID])
        if notice is None:
            raise Refusal(Reason.NOT_FOUND, "没有这则公告", "there is no such notice", where="notice")
        return page(request, "registry.portal/announcement.html", notice=notice, words=WORDS)

    return [web.get("/announcements", show_list), web.get("/announcements/{id}", show_one)]
