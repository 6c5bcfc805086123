"""``/portal/applications/ID/dispute``: everybody who wants one name, side by side, decided together."""

from aiohttp import web

from registry.flows.review.dispute import SettleDispute, read_dispute, settle_dispute
from registry.kernel.errors import Reason, Refusal
from registry.kernel.web.errors import STATUS
from registry.model.application import MAX_REASON
from registry.portal.going import go_on
from registry.portal.guard import Visit

_BESIDE = frozenset(
    {
        Reason.PARAMETER_MISSING,
        Reason.TOO_LARGE,
        Reason.NOT_PERMITTED,
        Reason.STATUS_FORBIDS,
        Reason.NAME_REFUSED,
        Reason.ALREADY_EXISTS,
        Reason.VALUE_INVALID,
    }
)


async def show_dispute(visit: Visit) -> web.StreamResponse:
    """All sides."""
    return await _dispute(visit)


async def take_dispute(visit: Visit) -> web.StreamResponse:
    """Choose who gets the name."""
    case = visit.request.match_info["id"]
    seen = tuple(visit.form.get("seen", "").split())
    order = SettleDispute(case, visit.form.get("winner", ""), visit.form.get("reason", ""), seen)
    try:
        await visit.run(lambda act: settle_dispute(act, visit.person, order))
    except Refusal as refusal:
        if refusal.reason not in _BESIDE:
            raise
        return await _dispute(visit, refusal)
    return go_on(f"/portal/applications/{order.winner}")


async def _dispute(visit: Visit, refusal: Refusal | None = None) -> web.Response:
    case = visit.request.match_info["id"]
    dispute = await visit.run(lambda act: read_dispute(act, visit.person, case))
    if len(dispute.claims) < 2:  # nobody disputes it (any more): the case itself tells how it stands
        return go_on(f"/portal/applications/{case}")
    return visit.page(
        "dispute.html",
        status=STATUS[refusal.reason] if refusal else 200,
        dispute=dispute,
        case=case,
        refusal=refusal,
        form=visit.form,
        max_reason=MAX_REASON,
    )
