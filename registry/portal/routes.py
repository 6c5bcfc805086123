"""The routes of the portal, each with its handler; who may use it stands in ``rights``."""

from aiohttp import web

from registry.kernel.web.app import Context
from registry.portal import accounts, application, apply, audit, desk, queue, sign_in
from registry.portal.guard import Handler, OpenHandler, guarded, open_door, unguarded

OPEN: tuple[tuple[str, str, OpenHandler], ...] = (
    ("GET", "/portal", sign_in.to_home),
    ("GET", "/portal/sign-in", sign_in.show_form),
    ("POST", "/portal/sign-in", sign_in.take_form),
)
GUARDED: tuple[tuple[str, str, Handler], ...] = (
    ("POST", "/portal/sign-out", sign_in.leave),
    ("GET", "/portal/", desk.show_home),
    ("GET", "/portal/apply", apply.show_form),
    ("POST", "/portal/apply", apply.take_form),
    ("GET", "/portal/queue", queue.show_queue),
    ("GET", "/portal/applications/{id}", application.show_card),
    ("POST", "/portal/applications/{id}/decision", application.take_decision),
    ("POST", "/portal/applications/{id}/withdrawal", application.take_withdrawal),
    ("GET", "/portal/accounts", accounts.show_accounts),
    ("GET", "/portal/accounts/{username}", accounts.show_account),
    ("POST", "/portal/accounts/{username}/disabling", accounts.take_disabling),
    ("GET", "/portal/audit", audit.show_trail),
    ("POST", "/portal/audit/proof", audit.take_proof),
)


def routes(context: Context) -> list[web.RouteDef]:
    """All of them, behind one door."""
    door = open_door(context)
    return [
        *(unguarded(door, *route) for route in OPEN),
        *(guarded(door, *route) for route in GUARDED),
    ]
