"""``/portal/accounts``: the accounts of people, for security officers."""

from aiohttp import web

from registry.flows.session.accounts import MAX_USERNAME, PAGE, find_account, list_accounts
from registry.flows.session.disable_account import MAX_REASON, DisableAccount, disable_account
from registry.kernel.errors import Reason, Refusal
from registry.kernel.web.errors import STATUS
from registry.portal.forms import clean
from registry.portal.going import go_on
from registry.portal.guard import Visit

_BESIDE = frozenset({Reason.PARAMETER_MISSING, Reason.TOO_LARGE, Reason.NOT_PERMITTED, Reason.STATUS_FORBIDS})


async def show_accounts(visit: Visit) -> web.StreamResponse:
    """The list, ``?after=`` a name."""
    after = clean(visit.request.query.get("after", ""))[:MAX_USERNAME]
    accounts = await visit.run(lambda act: list_accounts(act, after))
    following = accounts[-1].username if len(accounts) == PAGE else ""
    return visit.page("accounts.html", accounts=accounts, after=following, is_first_page=not after)


async def show_account(visit: Visit) -> web.StreamResponse:
    """One of them."""
    return await _account(visit)


async def take_disabling(visit: Visit) -> web.StreamResponse:
    """Disable it."""
    order = DisableAccount(_username(visit), visit.form.get("reason", ""))
    try:
        await visit.run(lambda act: disable_account(act, visit.person, order))
    except Refusal as refusal:
        if refusal.reason not in _BESIDE:
            raise
        return await _account(visit, refusal=refusal, reason=order.reason)
    return go_on(visit.request.path.removesuffix("/disabling"))


async def _account(visit: Visit, *, refusal: Refusal | None = None, reason: str = "") -> web.Response:
    account = await visit.run(lambda act: find_account(act, _username(visit)))
    return visit.page(
        "account.html",
        status=STATUS[refusal.reason] if refusal else 200,
        account=account,
        refusal=refusal,
        reason=reason,
        max_reason=MAX_REASON,
    )


def _username(visit: Visit) -> str:
    return visit.request.match_info["username"]
