"""``/portal/account-orders``: security officers open and restore accounts, two of them together."""

from collections.abc import Mapping

import segno
from aiohttp import web

from registry.flows.session.account_orders import (
    OpenAccount,
    agree,
    ask_to_open,
    ask_to_restore,
    list_orders,
    refuse,
)
from registry.flows.session.disable_account import MAX_REASON
from registry.kernel.errors import Reason, Refusal
from registry.kernel.web.errors import STATUS
from registry.model.person import ROLE_WORDS
from registry.portal.going import go_on
from registry.portal.guard import Visit
from registry.portal.notices.inbox import number_of

ORDERS = "/portal/account-orders"
_BESIDE = frozenset(
    {
        Reason.VALUE_INVALID,
        Reason.PARAMETER_MISSING,
        Reason.TOO_LARGE,
        Reason.ALREADY_EXISTS,
        Reason.NOT_PERMITTED,
        Reason.STATUS_FORBIDS,
    }
)


async def show_orders(visit: Visit) -> web.StreamResponse:
    """Those that wait, and what became of the others."""
    return await _orders(visit)


async def show_form(visit: Visit) -> web.StreamResponse:
    """An account is asked for here."""
    return _form(visit, {})


async def take_form(visit: Visit) -> web.StreamResponse:
    """Ask for one."""
    form = visit.form
    fields = ("username", "name", "role", "reason", "region", "uscc", "registrar")
    order = OpenAccount(**{field: form.get(field, "") for field in fields})
    try:
        await visit.run(lambda act: ask_to_open(act, visit.person, order))
    except Refusal as refusal:
        if refusal.reason not in _BESIDE:
            raise
        return _form(visit, form, refusal)
    return _to_orders()


async def take_restoring(visit: Visit) -> web.StreamResponse:
    """Ask to restore an account."""
    username, reason = visit.request.match_info["username"], visit.form.get("reason", "")
    try:
        await visit.run(lambda act: ask_to_restore(act, visit.person, username, reason))
    except Refusal as refusal:
        if refusal.reason not in _BESIDE:
            raise
        return await _orders(visit, refusal)
    return _to_orders()


async def take_decision(visit: Visit) -> web.StreamResponse:
    """Agree, which shows the owner's letter once, or let it be."""
    number = number_of(visit.request.match_info["order"])
    try:
        if visit.form.get("move") != "agree":
            await visit.run(lambda act: refuse(act, visit.person, number))
            return _to_orders()
        letter = await visit.run(lambda act: agree(act, visit.person, number))
    except Refusal as refusal:
        if refusal.reason not in _BESIDE:
            raise
        return await _orders(visit, refusal)
    link = f"{visit.door.runner.config.public_url}/portal/setup?token={letter.token}"
    return visit.page("account-letter.html", letter=letter, link=link, drawing=drawn(link))


def drawn(text: str) -> str:
    """A QR code (ISO/IEC 18004) as SVG that a page can hold."""
    svg: str = segno.make(text, error="m", micro=False).svg_inline(scale=4, border=4, dark="#000", light="#fff")
    return svg


async def _orders(visit: Visit, refusal: Refusal | None = None) -> web.Response:
    orders = await visit.run(list_orders)
    status = STATUS[refusal.reason] if refusal else 200
    return visit.page("account-orders.html", status=status, orders=orders, refusal=refusal)


def _form(visit: Visit, form: Mapping[str, str], refusal: Refusal | None = None) -> web.Response:
    return visit.page(
        "account-order.html",
        status=STATUS[refusal.reason] if refusal else 200,
        form=form,
        refusal=refusal,
        all_roles=ROLE_WORDS,
        max_reason=MAX_REASON,
    )


def _to_orders() -> web.Response:
    return go_on(ORDERS)
