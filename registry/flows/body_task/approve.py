"""Another reviewer agrees to what was proposed, and it is decided: four eyes, the second not below the first."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.body_task.choice import check_choices, choice_from
from registry.flows.body_task.propose import check_reviewer
from registry.flows.body_task.read import find_heirs, find_within
from registry.flows.body_task.settle import Decision, check_open, settle
from registry.kernel.errors import Reason, Refusal
from registry.model.jurisdiction import rank
from registry.model.person import Person
from registry.store import bodies, people
from registry.store.body_tasks import Task


@dataclass(frozen=True, slots=True)
class ApproveDecision:
    """``seen`` is the instant of the proposal that the reviewer had before him (ISO 8601): another one is not agreed to unseen."""

    task_id: int
    seen: str


async def approve_decision(act: Act, by: Person, order: ApproveDecision) -> None:
    """Decide as proposed; whatever is due at once is done now.

    Refuses with NOT_FOUND, NOT_PERMITTED (no reviewer, an interest, his own proposal, below the proposer), STATUS_FORBIDS (settled, nothing
    proposed, another proposal since), and with whatever stands against the choices by now, as :func:`check_choices`.
    """
    task = await find_within(act, by, order.task_id, lock=True)
    check_reviewer(by, task)
    check_open(task)
    if task.proposed_at is None or task.proposed_at.isoformat() != order.seen:
        zh, en = (
            "还没有人提出意见，或意见已经改变，请重新查看",
            "nothing is proposed, or it changed meanwhile; please look again",
        )
        raise Refusal(Reason.STATUS_FORBIDS, zh, en, where="seen", value=order.seen[:64])
    await _check_second(act, by, task)
    kept = {name: choice_from(one) for name, one in task.proposal["choices"].items()}
    body = await bodies.find_body(act.conn, task.uscc)
    choices = await check_choices(act, task, body, await find_heirs(act, task), kept)
    await settle(act, by, task, Decision(choices, task.proposal["reason"], task.proposed_by))


async def _check_second(act: Act, by: Person, task: Task) -> None:
    if task.proposed_by == by.actor:
        zh, en = "提出人不能同意自己的意见，请由另一人复核", "nobody agrees to his own proposal"
        raise Refusal(Reason.NOT_PERMITTED, zh, en, where="reviewer", value=by.username)
    first = await people.find(act.conn, task.proposed_by.removeprefix("person:"))
    if first is not None and rank(by.role) < rank(first.person.role):
        zh, en = "复核人的层级不能低于提出人", "the second reviewer is not below the first"
        raise Refusal(Reason.NOT_PERMITTED, zh, en, where="reviewer", value=by.username)
