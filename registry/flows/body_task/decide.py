"""Deciding about the names of a body that changed: one reviewer proposes, another agrees, and only then anything happens.

For every name one of three: *keep* (the body is the same under another name, or may come back), *follow* (a successor holds it from now
on, as the naming policy lets a successor bear the name of its predecessor), *retire* (it goes out of use on a day that everybody is told,
into redemption, and then for ever: no other body gets it). Nothing is taken from DNS by the event itself (design, law 9).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from registry.flows.act import Act
from registry.flows.body_task.carry_out import carry_out
from registry.flows.body_task.read import find_within
from registry.flows.said import said_text
from registry.kernel.errors import Reason, Refusal, Text
from registry.model.jurisdiction import rank
from registry.model.notice import Notice, Recipient
from registry.model.person import REVIEWERS, Person
from registry.store import bodies, body_tasks, people
from registry.store.body_tasks import Step, Task

KEEP, FOLLOW, RETIRE = "keep", "follow", "retire"
NOTICE_PERIOD = timedelta(
    days=30
)  # between the decision that a name retires and the day that it does: citizens must be told


@dataclass(frozen=True, slots=True)
class DecideTask:
    """``choices`` says for every name of the task keep or retire, or the code of the successor that it follows."""

    task_id: int
    choices: Mapping[str, str]
    reason: str


async def decide_task(act: Act, by: Person, order: DecideTask) -> bool:
    """Propose, or agree to the same proposal of another; whether it is decided now.

    Refuses with NOT_FOUND, NOT_PERMITTED (no reviewer, an interest, his own proposal, a lower level than the proposer), STATUS_FORBIDS
    (settled), VALUE_INVALID (a name without a choice, a body that does not follow or is not alive), PARAMETER_MISSING and TOO_LARGE
    (reason), and with what a successor's right to the name refuses (NAME_REFUSED).
    """
    task = await find_within(act, by, order.task_id, lock=True)
    _check_person(by, task)
    reason = said_text(order.reason, "请写明理由", "please give the reason")
    choices = await _checked(act, task, order.choices)
    is_second = bool(task.proposed_by) and task.proposal.get("choices") == choices
    if not is_second:
        await body_tasks.propose(act.conn, task.id, by.actor, act.now, {"choices": choices, "reason": reason})
        await act.remember("body.task_proposed", task.uscc, {"task": task.id, "choices": choices, "reason": reason})
        return False
    await _check_second(act, by, task)
    decision = {"choices": choices, "reason": reason, "proposed_by": task.proposed_by}
    await body_tasks.settle(act.conn, task.id, by.actor, act.now, decision)
    detail = {"task": task.id, "choices": choices, "region": task.region}
    await act.remember("body.task_settled", task.uscc, {"task": task.id, **decision}, detail=detail)
    steps = [_step(act, task, name, choices[name["name"]]) for name in task.names]
    await body_tasks.add_steps(act.conn, steps)
    for step in steps:
        if step.due_at <= act.now:
            await carry_out(act, by, task, step)
    await act.notify(*_letters(task, choices, reason))
    return True


def _step(act: Act, task: Task, name: Mapping[str, Any], choice: str) -> Step:
    is_code = choice not in {KEEP, RETIRE}
    due = act.now + NOTICE_PERIOD if choice == RETIRE else act.now
    return Step(task.id, name["roid"], name["name"], FOLLOW if is_code else choice, choice if is_code else "", due)


def _check_person(by: Person, task: Task) -> None:
    if by.role not in REVIEWERS:
        raise _not_permitted("只有审核员可以决定", "only reviewers decide", by)
    if by.uscc and by.uscc in {task.uscc, *task.successors}:
        raise _not_permitted("涉及本人所在单位，须回避", "it concerns the reviewer's own body", by)
    if task.state != "open":
        raise Refusal(
            Reason.STATUS_FORBIDS, "这项机构变动事项已经办结", "this task was settled before", where="task", value=task.state
        )  # fmt: skip


async def _check_second(act: Act, by: Person, task: Task) -> None:
    if task.proposed_by == by.actor:
        raise _not_permitted("提出人不能同意自己的意见，请由另一人复核", "nobody agrees to his own proposal", by)
    first = await people.find(act.conn, task.proposed_by.removeprefix("person:"))
    if first is not None and rank(by.role) < rank(first.person.role):
        raise _not_permitted("复核人的层级不能低于提出人", "the second reviewer is not below the first", by)


async def _checked(act: Act, task: Task, choices: Mapping[str, str]) -> dict[str, str]:
    wanted = {name["name"]: choices.get(name["name"], "") for name in task.names}
    for name, choice in wanted.items():
        if choice in {KEEP, RETIRE}:
            continue
        heir = await bodies.find_body(act.conn, choice) if choice in task.successors else None
        if heir is None or not heir.alive:
            raise Refusal(
                Reason.VALUE_INVALID,
                "请为每个名称选择：保留、由存续的承继机构承继，或停用",
                "choose for every name: keep, a living successor, or retire",
                where=name,
                value=choice,
            )  # fmt: skip
    return wanted


def _letters(task: Task, choices: Mapping[str, str], reason: str) -> list[Notice]:
    """Everybody whom it concerns, the body, its successors, learns what was decided and why."""
    words = {KEEP: ("保留", "kept"), RETIRE: ("停用", "retired")}
    shown = {name["name"]: name["unicode"] for name in task.names}
    zh = "；".join(f"{shown[name]}：{words.get(one, (f'由 {one} 承继', ''))[0]}" for name, one in choices.items())
    en = "; ".join(f"{shown[name]}: {words.get(one, ('', f'follows {one}'))[1]}" for name, one in choices.items())
    days = NOTICE_PERIOD.days
    said = Text(
        f"{zh}。理由：{reason}。停用的名称自决定之日起 {days} 日后停止解析，并永久保留，不再分配。",
        f"{en}. Reason: {reason}. A retired name stops resolving {days} days after the decision and is never given to anybody again.",
    )
    subject = Text(f"机构变动的决定：{task.detail['name'][0]}", f"Decided: {task.detail['name'][0]}")
    readers = dict.fromkeys([task.uscc, *task.successors])
    make = partial(Notice, kind="body.task_settled", subject=subject, text=said, link=f"/portal/body-tasks/{task.id}")
    return [make(Recipient("body", uscc), severity="action", payload={"task": task.id}) for uscc in readers]


def _not_permitted(zh: str, en: str, by: Person) -> Refusal:
    return Refusal(Reason.NOT_PERMITTED, zh, en, where="reviewer", value=by.username)
