"""The operator decides alone, when no reviewers are there to do it: with a reason that stands in history and audit and is told to the body."""

from collections.abc import Mapping
from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.body_task.choice import Choice, check_choices
from registry.flows.body_task.read import find_heirs, find_within
from registry.flows.body_task.settle import Decision, check_open, settle
from registry.flows.said import said_text
from registry.kernel.errors import Reason, Refusal
from registry.model.person import Person, Role
from registry.store import bodies


@dataclass(frozen=True, slots=True)
class OverrideDecision:
    """As a proposal."""

    task_id: int
    choices: Mapping[str, Choice]
    reason: str


async def override_decision(act: Act, by: Person, order: OverrideDecision) -> None:
    """Decide without a second person. Refuses with NOT_PERMITTED everybody but an operator, and else as a proposal."""
    if by.role is not Role.OPERATOR:
        zh, en = "只有系统管理员可以独自决定，并须写明理由", "only an operator decides alone, with a reason"
        raise Refusal(Reason.NOT_PERMITTED, zh, en, where="person", value=by.username)
    task = await find_within(act, by, order.task_id, lock=True)
    check_open(task)
    reason = said_text(order.reason, "请写明理由", "please give the reason")
    body = await bodies.find_body(act.conn, task.uscc)
    choices = await check_choices(act, task, body, await find_heirs(act, task), order.choices)
    await settle(act, by, task, Decision(choices, reason, "", is_override=True))
