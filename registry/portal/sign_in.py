"""``/portal/sign-in`` and ``/portal/sign-out``."""

import re

from aiohttp import web

from registry.flows.session.recognise import recognise
from registry.flows.session.sign_in import SignedIn, SignIn, sign_in
from registry.flows.session.sign_out import sign_out
from registry.kernel.errors import Reason, Refusal, Text
from registry.kernel.ids import new_token
from registry.kernel.web.errors import STATUS
from registry.kernel.web.limits import allow, place_of
from registry.kernel.web.pages import page
from registry.portal.cookies import DEVICE_SECONDS
from registry.portal.forms import check_token, form_token, read_form
from registry.portal.going import go_on
from registry.portal.guard import SIGN_IN, Door, Visit, agent_of

HOME = "/portal/"
_BACK = re.compile(r"/portal/[A-Za-z0-9/_.?=&%~-]{0,300}")  # a page of the portal and nothing else: no host, no scheme
_SHOWN = frozenset({Reason.CREDENTIALS_WRONG, Reason.RATE_LIMITED})


async def show_form(door: Door, request: web.Request) -> web.StreamResponse:
    """The form, with a pass that its answer must bring back; who is signed in already goes on."""
    token = door.cookies.read(request, "session")
    if token and await recognise(door.runner, token, agent_of(request)):
        return go_on(HOME)
    return _form(door, request, back=_back(request.query.get("next", "")))


async def take_form(door: Door, request: web.Request) -> web.StreamResponse:
    """Sign in, and begin under a new token, whatever the browser brought along."""
    allow(door.sign_ins, request.remote, door.runner.clock.monotonic())
    form = await read_form(request)
    back = _back(form.get("next", ""))
    check_token(request, form, door.cookies.read(request, "entry"))
    order = SignIn(
        username=form.get("username", ""),
        password=form.get("password", ""),
        code=form.get("code", ""),
        place=place_of(request.remote),
        agent=agent_of(request),
        device=door.cookies.read(request, "device"),
        replaces=door.cookies.read(request, "session"),
    )
    try:
        signed_in = await sign_in(door.runner, order)
    except Refusal as refusal:
        if refusal.reason not in _SHOWN:
            raise
        return _form(door, request, back=back, username=order.username, refusal=refusal)
    return _enter(door, signed_in, back)


async def leave(visit: Visit) -> web.StreamResponse:
    """Sign out."""
    await visit.run(lambda act: sign_out(act, visit.token))
    answer = go_on(f"{SIGN_IN}?left=1")
    visit.door.cookies.drop(answer, "session")
    return answer


async def to_home(_: Door, __: web.Request) -> web.StreamResponse:
    """``/portal`` without its slash."""
    return go_on(HOME)


def _enter(door: Door, signed_in: SignedIn, back: str) -> web.Response:
    answer = go_on(back)
    door.cookies.write(answer, "session", signed_in.token)
    door.cookies.write(answer, "device", signed_in.device, DEVICE_SECONDS)
    door.cookies.drop(answer, "entry")
    return answer


def _form(
    door: Door, request: web.Request, *, back: str, username: str = "", refusal: Refusal | None = None
) -> web.Response:
    entry = new_token()
    answer = page(
        request,
        "registry.portal/sign-in.html",
        status=STATUS[refusal.reason] if refusal else 200,
        csrf=form_token(entry),
        back=back,
        username=username[:64],
        problem=_problem(refusal),
        has_left="left" in request.query,
    )
    door.cookies.write(answer, "entry", entry)
    answer.headers["Cache-Control"] = "no-store"
    if refusal and "retry_after" in refusal.evidence:
        answer.headers["Retry-After"] = str(refusal.evidence["retry_after"])
    return answer


def _problem(refusal: Refusal | None) -> Text | None:
    if refusal is None:
        return None
    return Text(refusal.text.zh, refusal.text.en[:1].upper() + refusal.text.en[1:])


def _back(text: str) -> str:
    """Where to go afterwards; home, unless it is plainly a page of the portal."""
    is_page = _BACK.fullmatch(text) and "//" not in text and ".." not in text
    return text if is_page and not text.startswith(SIGN_IN) else HOME
