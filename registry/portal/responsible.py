"""``/portal/responsible/ID?code=``: the responsible person of an application, who needs no account, confirms or denies it."""

from urllib.parse import quote

from aiohttp import web

from registry.flows.act import Caller
from registry.flows.responsible.answer import MAX_REMARK, answer_by_link, read_asked
from registry.kernel.errors import Reason, Refusal
from registry.kernel.ids import new_token
from registry.kernel.web.errors import STATUS
from registry.kernel.web.limits import allow
from registry.kernel.web.pages import page
from registry.portal.forms import check_token, clean, form_token, read_form
from registry.portal.going import go_on
from registry.portal.guard import Door

MAX_CODE = 64  # characters
VISITOR = Caller("visitor", "responsible")
_BESIDE = frozenset({Reason.VALUE_INVALID, Reason.TOO_LARGE, Reason.STATUS_FORBIDS})


async def show_form(door: Door, request: web.Request) -> web.StreamResponse:
    """What he is asked to confirm."""
    allow(door.sign_ins, request.remote, door.runner.clock.monotonic())
    return await _form(door, request, clean(request.query.get("code", ""))[:MAX_CODE])


async def take_form(door: Door, request: web.Request) -> web.StreamResponse:
    """His word."""
    allow(door.sign_ins, request.remote, door.runner.clock.monotonic())
    form = await read_form(request)
    check_token(request, form, door.cookies.read(request, "entry"))
    case, code = request.match_info["case"], form.get("code", "")[:MAX_CODE]
    try:
        await door.runner.run(
            VISITOR, lambda act: answer_by_link(act, case, code, form.get("answer", ""), form.get("remark", ""))
        )
    except Refusal as refusal:
        if refusal.reason not in _BESIDE:
            raise
        return await _form(door, request, code, refusal)
    return go_on(f"/portal/responsible/{quote(case)}?code={quote(code)}")


async def _form(door: Door, request: web.Request, code: str, refusal: Refusal | None = None) -> web.Response:
    asked = await door.runner.run(VISITOR, lambda act: read_asked(act, request.match_info["case"], code))
    entry = new_token()
    answer = page(
        request, "registry.portal/responsible.html", status=STATUS[refusal.reason] if refusal else 200, csrf=form_token(entry), asked=asked,
        code=code, refusal=refusal, max_remark=MAX_REMARK,
    )  # fmt: skip
    door.cookies.write(answer, "entry", entry)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
