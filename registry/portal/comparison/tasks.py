"""``/portal/corrections``: what other registers ask of the bodies of this data centre."""

from aiohttp import web

from registry.flows.comparison.corrections import (
    TASK_STATES,
    apply_correction,
    centre_of,
    close_correction,
    list_corrections,
)
from registry.flows.comparison.settle_finding import MAX_REMARK
from registry.kernel.errors import Refusal
from registry.kernel.web.errors import STATUS
from registry.portal.comparison.desk import MAX_QUERY, PACKAGE, SHOWN
from registry.portal.forms import clean
from registry.portal.going import go_on
from registry.portal.guard import Visit

HOME = "/portal/corrections"


async def show_corrections(visit: Visit) -> web.StreamResponse:
    """``?state=`` open, applied or declined; ``?after=`` the next page."""
    return await _corrections(visit)


async def take_correction(visit: Visit) -> web.StreamResponse:
    """Apply one to the own row, say that it was done otherwise, or decline it."""
    task, do = visit.request.match_info["task"], visit.form.get("do", "")
    reason = visit.form.get("reason", "")
    try:
        if do == "apply":
            await apply_correction(visit.door.runner, visit.person, task)
        else:
            await visit.run(lambda act: close_correction(act, visit.person, task, do, reason))
    except Refusal as refusal:
        if visit.request.match_info["task"].isdigit() and STATUS[refusal.reason] != 404:
            return await _corrections(visit, refusal)
        raise
    return go_on(HOME)


async def _corrections(visit: Visit, refusal: Refusal | None = None) -> web.Response:
    query = visit.request.query
    state = query.get("state", "open") if query.get("state", "open") in TASK_STATES else "open"
    after = clean(query.get("after", ""))[:MAX_QUERY]
    found = await visit.run(lambda act: list_corrections(act, visit.person, state, after))
    return visit.page(
        "corrections.html", package=PACKAGE, status=STATUS[refusal.reason] if refusal else 200, found=found, state=state, states=TASK_STATES,
        shown=SHOWN, centre=centre_of(visit.person), refusal=refusal, max_remark=MAX_REMARK, is_first_page=not after,
    )  # fmt: skip
