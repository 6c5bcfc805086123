"""``/verify?u=`` and ``/api/v1/verify?url=``: is this site genuine?"""

from typing import Any

import msgspec
from aiohttp import web

from registry.kernel.errors import Reason, Refusal
from registry.kernel.web.pages import page, unicode_name
from verifier.address import MAX_ADDRESS, Address, Kind
from verifier.marks.mark_id import read_mark_id
from verifier.marks.store import Mark, Name
from verifier.verdict import Judgement, Verdict
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
    typed = _bounded(request.query.get("u", "").strip())
    if not typed:
        return page(request, "verifier.web/verify.html", typed="", judgement=None)
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
    typed = _bounded(request.query.get("url", "").strip())
    if not typed:
        raise Refusal(
            Reason.PARAMETER_MISSING, "请在 url 参数中给出网址", "give the address in the parameter url", where="url"
        )
    judgement = await desk.questions.ask(typed, _shown_mark(request))
    answer = {
        "verdict": judgement.verdict,
        "official_url": judgement.official_url,
        "body": body_of(judgement),
        "mark": _mark(desk, judgement.mark),
        "checked_at": desk.clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "address": _address(judgement.address),
        "findings": [{"code": f.code, "message": {"zh": f.zh, "en": f.en}} for f in judgement.findings],
    }
    headers = {**OPEN, "Cache-Control": "no-cache"}
    return web.Response(body=msgspec.json.encode(answer), content_type="application/json", headers=headers)


def _bounded(typed: str) -> str:
    if len(typed) > MAX_ADDRESS:
        raise Refusal(
            Reason.TOO_LARGE,
            f"网址最长 {MAX_ADDRESS} 个字符",
            f"an address has at most {MAX_ADDRESS} characters",
            where="url",
        )
    return typed


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


def body_of(judgement: Judgement) -> dict[str, Any] | None:
    """The body that the answer is about: behind the site, or behind the name that was copied."""
    source: Mark | Name | None = judgement.name
    if judgement.mark is not None and judgement.verdict is not Verdict.IMPERSONATION:
        source = judgement.mark
    if source is None or not source.body_name:
        return None
    return {
        "uscc": source.uscc,
        "name": source.body_name,
        "kind": source.kind,
        "region": source.region,
        "level": source.level,
        "status": source.body_status,
    }


def _mark(desk: Desk, mark: Mark | None) -> dict[str, Any] | None:
    if mark is None:
        return None
    return {
        "id": mark.id,
        "state": mark.state,
        "look": mark.look,
        "origin": mark.origin,
        "hosts": list(mark.hosts),
        "issued_at": mark.issued_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "url": f"{desk.config.public_url}/v/{mark.id}",
    }


def _address(address: Address) -> dict[str, Any] | None:
    if not address.host:
        return None
    return {
        "scheme": address.scheme,
        "host": address.host,
        "host_unicode": unicode_name(address.host),
        "port": address.port,
    }
