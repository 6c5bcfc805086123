"""``/portal/setup`` and ``/portal/password``: the owner of an account sets it up with his letter, and changes his password."""

from urllib.parse import quote

from aiohttp import web

from registry.flows.act import Caller
from registry.flows.person.create import MIN_PASSWORD
from registry.flows.session.set_up import ChangePassword, SetUp, change_password, open_letter, set_up
from registry.kernel.errors import Reason, Refusal
from registry.kernel.ids import new_token
from registry.kernel.web.errors import STATUS
from registry.kernel.web.limits import allow
from registry.kernel.web.pages import page
from registry.portal.account_orders import drawn
from registry.portal.forms import check_token, clean, form_token, read_form
from registry.portal.going import go_on
from registry.portal.guard import SIGN_IN, Door, Visit

MAX_TOKEN = 200  # characters
VISITOR = Caller("visitor", "portal")
_BESIDE = frozenset({Reason.VALUE_INVALID, Reason.CREDENTIALS_WRONG})


async def show_form(door: Door, request: web.Request) -> web.StreamResponse:
    """``?token=`` the letter's: whose account it is, and the secret for his telephone."""
    allow(door.sign_ins, request.remote, door.runner.clock.monotonic())
    return await _form(door, request, clean(request.query.get("token", ""))[:MAX_TOKEN])


async def take_form(door: Door, request: web.Request) -> web.StreamResponse:
    """Set it up, and go and sign in."""
    allow(door.sign_ins, request.remote, door.runner.clock.monotonic())
    form = await read_form(request)
    check_token(request, form, door.cookies.read(request, "entry"))
    token = form.get("token", "")[:MAX_TOKEN]
    order = SetUp(token, form.get("password", ""), form.get("again", ""), form.get("code", ""))
    try:
        await set_up(door.runner, order)
    except Refusal as refusal:
        if refusal.reason not in _BESIDE:
            raise
        return await _form(door, request, token, refusal)
    return go_on(SIGN_IN)


async def show_password(visit: Visit) -> web.StreamResponse:
    """The form."""
    return visit.page("password.html", refusal=None, least=MIN_PASSWORD, is_changed="changed" in visit.request.query)


async def take_password(visit: Visit) -> web.StreamResponse:
    """Change it."""
    form = visit.form
    order = ChangePassword(form.get("old", ""), form.get("password", ""), form.get("again", ""), form.get("code", ""))
    try:
        await change_password(visit.door.runner, visit.person, order, visit.token)
    except Refusal as refusal:
        if refusal.reason not in _BESIDE:
            raise
        return visit.page("password.html", status=STATUS[refusal.reason], refusal=refusal, least=MIN_PASSWORD)
    return go_on("/portal/password?changed=1")


async def _form(door: Door, request: web.Request, token: str, refusal: Refusal | None = None) -> web.Response:
    letter = await door.runner.run(VISITOR, lambda act: open_letter(act, token))
    entry = new_token()
    answer = page(
        request,
        "registry.portal/setup.html",
        status=STATUS[refusal.reason] if refusal else 200,
        csrf=form_token(entry),
        letter=letter,
        token=token,
        drawing=drawn(_enrolment(letter.username, letter.totp_secret)),
        refusal=refusal,
        least=MIN_PASSWORD,
    )
    door.cookies.write(answer, "entry", entry)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _enrolment(username: str, secret: str) -> str:
    """The address that authenticators read (Key URI Format of Google Authenticator)."""
    label = quote(f"正名:{username}")
    return f"otpauth://totp/{label}?secret={secret}&issuer={quote('正名')}"
