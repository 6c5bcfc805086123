"""``/portal/body-tasks``: what bodies that were renamed, merged, split, abolished, cancelled or suspended ask of reviewers."""

from aiohttp import web

from registry.flows.body_task.decide import KEEP, RETIRE, DecideTask, decide_task
from registry.flows.body_task.read import list_tasks, read_task
from registry.kernel.errors import Reason, Refusal
from registry.kernel.web.errors import STATUS
from registry.model.application import MAX_REASON
from registry.portal.going import go_on
from registry.portal.guard import Visit
from registry.portal.notices.inbox import number_of

_BESIDE = frozenset(
    {
        Reason.PARAMETER_MISSING,
        Reason.TOO_LARGE,
        Reason.NOT_PERMITTED,
        Reason.STATUS_FORBIDS,
        Reason.VALUE_INVALID,
        Reason.NAME_REFUSED,
        Reason.ALREADY_EXISTS,
    }
)


async def show_tasks(visit: Visit) -> web.StreamResponse:
    """``?state=`` open (as it opens) or settled."""
    state = visit.request.query.get("state", "open")
    tasks = await visit.run(lambda act: list_tasks(act, visit.person, state))
    return visit.page("body-tasks.html", tasks=tasks, state=state, now=visit.door.runner.clock.now())


async def show_task(visit: Visit) -> web.StreamResponse:
    """One of them."""
    return await _task(visit)


async def take_decision(visit: Visit) -> web.StreamResponse:
    """Propose, or agree."""
    choices = {key.removeprefix("choice-"): value for key, value in visit.form.items() if key.startswith("choice-")}
    order = DecideTask(_id(visit), choices, visit.form.get("reason", ""))
    try:
        await visit.run(lambda act: decide_task(act, visit.person, order))
    except Refusal as refusal:
        if refusal.reason not in _BESIDE:
            raise
        return await _task(visit, refusal)
    where = f"/portal/body-tasks/{order.task_id}"
    return go_on(where)


async def _task(visit: Visit, refusal: Refusal | None = None) -> web.Response:
    card = await visit.run(lambda act: read_task(act, visit.person, _id(visit)))
    proposed = card.task.proposal.get("choices", {})
    return visit.page(
        "body-task.html",
        status=STATUS[refusal.reason] if refusal else 200,
        card=card,
        chosen={
            name["name"]: visit.form.get(f"choice-{name['name']}", proposed.get(name["name"], ""))
            for name in card.task.names
        },
        reason=visit.form.get("reason", ""),
        refusal=refusal,
        keep=KEEP,
        retire=RETIRE,
        max_reason=MAX_REASON,
        now=visit.door.runner.clock.now(),
    )


def _id(visit: Visit) -> int:
    return number_of(visit.request.match_info["task"])
