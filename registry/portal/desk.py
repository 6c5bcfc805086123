"""``/portal/``: where everybody begins. Agencies find their desk here, operators the overview, the others their own page."""

from aiohttp import web

from registry.flows.review.desk import read_desk
from registry.flows.review.overview import read_overview
from registry.model.person import Role
from registry.portal.going import go_on
from registry.portal.guard import Visit
from registry.portal.words import home_of


async def show_home(visit: Visit) -> web.StreamResponse:
    """By role."""
    if visit.person.role is Role.AGENCY and visit.person.uscc:
        return await _agency(visit)
    if visit.person.role is Role.AGENCY:
        return visit.page("desk.html", desk=None, granted="")
    if visit.person.role is Role.OPERATOR:
        overview = await visit.run(lambda act: read_overview(act, visit.person))
        return visit.page("overview.html", overview=overview)
    return go_on(home_of(visit.person.role))


async def _agency(visit: Visit) -> web.Response:
    desk = await visit.run(lambda act: read_desk(act, visit.person))
    granted = visit.request.query.get("granted", "")
    shown = next((held.unicode for held in desk.held if held.name == granted), "")
    return visit.page("desk.html", desk=desk, granted=shown)
