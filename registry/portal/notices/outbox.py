"""``/portal/deliveries``: what left the house and what could not, for operators."""

from aiohttp import web

from registry.flows.notice.outbox import list_deliveries, try_again
from registry.portal.going import go_on
from registry.portal.guard import Visit
from registry.portal.notices.inbox import number_of


async def show_deliveries(visit: Visit) -> web.StreamResponse:
    """``?state=`` failed (as it opens), waiting or sent."""
    state = visit.request.query.get("state", "failed")
    listed = await visit.run(lambda act: list_deliveries(act, state))
    return visit.page("deliveries.html", listed=listed, state=state)


async def take_another_try(visit: Visit) -> web.StreamResponse:
    """Send one that failed once more."""
    await visit.run(lambda act: try_again(act, number_of(visit.request.match_info["delivery"])))
    return go_on("/portal/deliveries")
