"""``/portal/queue``: what waits for a reviewer of this level and region."""

from aiohttp import web

from registry.flows.review.bulk import approve_endorsed
from registry.flows.review.queue import read_queue
from registry.kernel.errors import Refusal
from registry.kernel.web.errors import STATUS
from registry.model.application import WAITING, Stage
from registry.portal.forms import clean
from registry.portal.guard import Visit

MAX_CURSOR = 120  # characters
_VIEWS: dict[str, frozenset[Stage]] = {
    "": WAITING,
    "first": frozenset({Stage.SUBMITTED}),
    "second": frozenset({Stage.ENDORSED, Stage.OBJECTED}),
    "returned": frozenset({Stage.RETURNED}),
}


async def show_queue(visit: Visit) -> web.StreamResponse:
    """``?view=`` first or second opinions only, ``?after=`` the next page."""
    view = visit.request.query.get("view", "")
    view = view if view in _VIEWS else ""
    after = clean(visit.request.query.get("after", ""))[:MAX_CURSOR]
    queue = await visit.run(lambda act: read_queue(act, visit.person, _VIEWS[view], after))
    return visit.page("queue.html", queue=queue, view=view, is_first_page=not after, decided=None, refusal=None)


async def take_approvals(visit: Visit) -> web.StreamResponse:
    """Follow the first opinions of the cases that were ticked (``case-ID``), and say of each what became of it."""
    cases = [key.removeprefix("case-") for key in visit.form if key.startswith("case-")]
    decided, refusal = None, None
    try:
        decided = await approve_endorsed(visit.door.runner, visit.person, cases)
    except Refusal as refused:
        refusal = refused
    queue = await visit.run(lambda act: read_queue(act, visit.person, _VIEWS["second"]))
    status = STATUS[refusal.reason] if refusal else 200
    return visit.page(
        "queue.html", status=status, queue=queue, view="second", is_first_page=True, decided=decided, refusal=refusal
    )
