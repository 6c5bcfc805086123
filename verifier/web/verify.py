"""``/verify?u=`` and ``/api/v1/verify?url=``: is this site genuine?"""

import msgspec
from aiohttp import web

from registry.kernel.errors import Reason, Refusal
from registry.kernel.web.pages import page
from verifier.address import Kind
from verifier.marks.mark_id import read_mark_id
from verifier.verdict import Verdict
from verifier.web.answers import answer_of, body_of, bounded, stamp
from verifier.web.desk import Desk
from verifier.web.published import OPEN

HEADLINES = {
    Verdict.GENUINE: ("good", "是真的官方网站", "This is the genuine official site"),
    Verdict.SUSPENDED: ("warn", "标识已暂停，请先不要使用", "The mark is suspended: do not use it for now"),
    Verdict.NOT_OFFICIAL: ("bad", "不是官方网站", "This is not an official site"),
    Verdict.IMPERSONATION: ("bad", "仿冒网站", "This site impersonates an official one"),
    Verdict.UNKNOWN: ("plain", "无法确认", "We cannot confirm this site"),
}


async def show_verify(desk: Desk, request: web.Request) -> web.Response:
    """The page for people. Without ``u`` it only asks."""
    typed = bounded(request.query.get("u", "").strip())
    if not typed:
        return page(request, "verifier.web/verify.html", typed="", judgement=None)
    desk.allow_question(request.remote)
    judgement = await desk.questions.ask(typed)
    tone, zh, en = HEADLINES[judgement.verdict]
    return page(
        request,
        "verifier.web/verify.html",
        typed=typed,
        judgement=judgement,
        tone=tone,
        headline=(zh, en),
        is_address=judgement.address.kind in {Kind.WEB, Kind.NUMBER},
        body=body_of(judgement),
        now=desk.clock.now(),
    )


async def answer_verify(desk: Desk, request: web.Request) -> web.Response:
    """The answer for programs, as the contract gives it, with the explanation beside it."""
    typed = bounded(request.query.get("url", "").strip())
    if not typed:
        raise Refusal(
            Reason.PARAMETER_MISSING, "请在 url 参数中给出网址", "give the address in the parameter url", where="url"
        )
    desk.allow_question(request.remote)
    judgement = await desk.questions.ask(typed, _shown_mark(request))
    answer = answer_of(judgement, desk.config.public_url, stamp(desk.clock.now()))
    headers = {**OPEN, "Cache-Control": "no-cache"}
    return web.Response(body=msgspec.json.encode(answer), content_type="application/json", headers=headers)


def _shown_mark(request: web.Request) -> str:
    typed = request.query.get("mark", "")
    if not typed:
        return ""
    mark_id = read_mark_id(typed)
    if mark_id is None:
        raise Refusal(
            Reason.VALUE_INVALID, "标识编号不对", "this is not the number of a mark", where="mark", value=typed[:64]
        )
    return mark_id
