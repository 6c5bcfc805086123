"""``/portal/absence``: a reviewer is away, and who stands in for him."""

from datetime import date

from aiohttp import web

from registry.flows.review.absence import MOST_DAYS, SetAbsence, end_absence, read_absence, set_absence
from registry.flows.runner import Flow
from registry.kernel.clock import BEIJING
from registry.kernel.errors import Reason, Refusal
from registry.kernel.web.errors import STATUS
from registry.portal.going import go_on
from registry.portal.guard import Visit


async def show_absence(visit: Visit) -> web.StreamResponse:
    """The form, and what is set."""
    return await _desk(visit)


async def take_absence(visit: Visit) -> web.StreamResponse:
    """Set it, or say that one is back."""
    if visit.form.get("step") == "back":
        return await _step(visit, lambda act: end_absence(act, visit.person))
    try:
        order = SetAbsence(visit.form.get("delegate", ""), _day(visit, "first_day"), _day(visit, "last_day"))
    except Refusal as refusal:
        return await _desk(visit, refusal)
    return await _step(visit, lambda act: set_absence(act, visit.person, order))


async def _step(visit: Visit, flow: Flow[None]) -> web.StreamResponse:
    try:
        await visit.run(flow)
    except Refusal as refusal:
        if refusal.reason is Reason.UNAVAILABLE:
            raise
        return await _desk(visit, refusal)
    return go_on("/portal/absence")


def _day(visit: Visit, name: str) -> date:
    try:
        return date.fromisoformat(visit.form.get(name, ""))
    except ValueError:
        zh, en = "日期须写作 2026-10-01", "a day is written 2026-10-01"
        raise Refusal(Reason.VALUE_INVALID, zh, en, where=name) from None


async def _desk(visit: Visit, refusal: Refusal | None = None) -> web.Response:
    desk = await visit.run(lambda act: read_absence(act, visit.person))
    today = visit.door.runner.clock.now().astimezone(BEIJING).date()
    return visit.page(
        "absence.html",
        status=STATUS[refusal.reason] if refusal else 200,
        desk=desk,
        refusal=refusal,
        form=visit.form,
        today=today,
        most=MOST_DAYS,
    )
