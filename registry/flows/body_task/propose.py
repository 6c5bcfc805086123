"""One reviewer says what should become of the names of a body that changed; nothing happens before another agrees (design, law 9)."""

from collections.abc import Mapping
from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.body_task.choice import Choice, check_choices
from registry.flows.body_task.read import find_heirs, find_within
from registry.flows.body_task.settle import check_open
from registry.flows.body_task.words import choices_words
from registry.flows.said import said_text
from registry.kernel.errors import Reason, Refusal, Text
from registry.model.jurisdiction import desks_above
from registry.model.notice import Notice, reviewers_of
from registry.model.person import REVIEWERS, Person
from registry.store import bodies, body_tasks
from registry.store.body_tasks import Task


@dataclass(frozen=True, slots=True)
class ProposeDecision:
    """``choices`` by name (A-label), one for each name of the task; a reason for the body and whoever reads the file later."""

    task_id: int
    choices: Mapping[str, Choice]
    reason: str


async def propose_decision(act: Act, by: Person, order: ProposeDecision) -> None:
    """Put it before the other reviewers, in place of an earlier proposal.

    Refuses with NOT_FOUND, NOT_PERMITTED (no reviewer, an interest), STATUS_FORBIDS (settled; what the state of the body does not allow),
    PARAMETER_MISSING (a name without a choice, no reason), TOO_LARGE, VALUE_INVALID, VALUE_OUT_OF_RANGE, NAME_REFUSED.
    """
    task = await find_within(act, by, order.task_id, lock=True)
    check_reviewer(by, task)
    check_open(task)
    reason = said_text(order.reason, "请写明理由", "please give the reason")
    heirs = await find_heirs(act, task)
    body = await bodies.find_body(act.conn, task.uscc)
    choices = await check_choices(act, task, body, heirs, order.choices)
    proposal = {"choices": {name: one.as_json() for name, one in choices.items()}, "reason": reason}
    await body_tasks.propose(act.conn, task.id, by.actor, act.now, proposal)
    detail = {"task": task.id, "region": task.region}
    await act.remember("body.task_proposed", task.uscc, {"task": task.id, **proposal}, detail=detail)
    said = choices_words(task, choices, {one.uscc: one.name for one in heirs})
    await act.notify(*_letters(act, task, said, reason))


def _letters(act: Act, task: Task, said: Text, reason: str) -> list[Notice]:
    """To the desk in charge and the one above it, which may agree where the desk has one reviewer only."""
    name, link = task.detail["name"][0], f"/portal/body-tasks/{task.id}"
    subject = Text(f"机构变动事项待复核：{name}", f"A second opinion is needed: {name}")
    text = Text(
        f"{said.zh}。理由：{reason}。请由另一人复核。", f"{said.en}. Reason: {reason}. Somebody else must agree."
    )
    once = f"body-task {task.id} proposed {act.now.isoformat()}"
    return [
        Notice(
            reviewers_of(level, task.region), "body.task_proposed", subject, text, link, "action", {"task": task.id}, f"{once} {level}"
        )
        for level in desks_above(task.level, 1)
    ]  # fmt: skip


def check_reviewer(by: Person, task: Task) -> None:
    """Refuse (NOT_PERMITTED) who is no reviewer, and who belongs to a body that it concerns."""
    if by.role not in REVIEWERS:
        zh, en = "只有审核员可以提出和复核", "only reviewers propose and agree"
    elif by.uscc and by.uscc in {task.uscc, *task.successors}:
        zh, en = "涉及本人所在单位，须回避", "it concerns the reviewer's own body"
    else:
        return
    raise Refusal(Reason.NOT_PERMITTED, zh, en, where="reviewer", value=by.username)
