"""``/portal/institution``: an institution's desk. ``/portal/institutions``: what waits for its reviewers."""

from aiohttp import web

from registry.flows.institution.desk import read_institution_desk
from registry.flows.institution.liquidation import NoteLiquidation, note_liquidation
from registry.flows.institution.queue import read_act_queue
from registry.kernel.errors import Reason, Refusal
from registry.kernel.web.errors import STATUS
from registry.model.institution import OPEN, ActStage
from registry.portal.forms import clean
from registry.portal.going import go_on
from registry.portal.guard import Visit
from registry.portal.institutions.acts import BESIDE, PACKAGE
from registry.portal.institutions.words import ACT_WORDS

MAX_CURSOR = 60  # characters
VIEWS: dict[str, frozenset[ActStage]] = {
    "": OPEN,
    "filed": frozenset({ActStage.FILED}),
    "deciding": frozenset({ActStage.ACCEPTED, ActStage.ENDORSED, ActStage.OBJECTED}),
    "returned": frozenset({ActStage.RETURNED}),
}


async def show_desk(visit: Visit) -> web.StreamResponse:
    """The desk."""
    return await _desk(visit)


async def take_liquidation(visit: Visit) -> web.StreamResponse:
    """Note when a liquidation began and ended."""
    order = NoteLiquidation(visit.person.uscc, visit.form.get("started_on", ""), visit.form.get("ended_on", ""))
    try:
        await visit.run(lambda act: note_liquidation(act, visit.person, order))
    except Refusal as refusal:
        if refusal.reason not in BESIDE or not visit.person.uscc:
            raise
        return await _desk(visit, refusal)
    return go_on("/portal/institution")


async def show_queue(visit: Visit) -> web.StreamResponse:
    """``?view=`` one group of stages, ``?after=`` the next page."""
    view = visit.request.query.get("view", "")
    view = view if view in VIEWS else ""
    after = clean(visit.request.query.get("after", ""))[:MAX_CURSOR]
    queue = await visit.run(lambda act: read_act_queue(act, visit.person, VIEWS[view], after))
    return visit.page(
        "acts.html", package=PACKAGE, queue=queue, view=view, views=VIEWS, said=ACT_WORDS, is_first_page=not after
    )


async def _desk(visit: Visit, refusal: Refusal | None = None) -> web.Response:
    if not visit.person.uscc:
        zh, en = (
            "这个账户没有绑定单位，请联系安全保密管理员",
            "this account belongs to no body; please ask a security officer",
        )
        return visit.page(
            "institution.html", package=PACKAGE, desk=None, said=ACT_WORDS, form={}, refusal=Refusal(Reason.NOT_PERMITTED, zh, en)
        )  # fmt: skip
    desk = await visit.run(lambda act: read_institution_desk(act, visit.person))
    status = STATUS[refusal.reason] if refusal else 200
    return visit.page(
        "institution.html", package=PACKAGE, status=status, desk=desk, said=ACT_WORDS, form=visit.form, refusal=refusal
    )
