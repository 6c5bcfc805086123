"""A decision about the names of a body takes effect: dated steps, those of today at once, and everybody hears of it.

How a decision comes about stands in ``propose`` and ``approve``, or in ``override``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from registry.flows.act import Act
from registry.flows.body_task.carry_out import carry_out
from registry.flows.body_task.choice import Choice, ChoiceKind, due_at
from registry.flows.body_task.read import find_heirs
from registry.flows.body_task.words import choices_words
from registry.kernel.clock import BEIJING
from registry.kernel.errors import Reason, Refusal, Text
from registry.model.notice import Notice, Recipient
from registry.model.person import Person
from registry.store import bodies, body_tasks
from registry.store.body_tasks import Step, Task


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided; ``proposed_by`` is empty when an operator decided alone."""

    choices: Mapping[str, Choice]
    reason: str
    proposed_by: str
    is_override: bool = False

    def as_json(self) -> dict[str, object]:
        """As the task, history and audit keep it."""
        choices = {name: one.as_json() for name, one in self.choices.items()}
        return {
            "choices": choices, "reason": self.reason, "proposed_by": self.proposed_by, "override": self.is_override
        }  # fmt: skip


def check_open(task: Task) -> None:
    """Refuse (STATUS_FORBIDS) a task that was settled or withdrawn."""
    if task.state != "open":
        zh, en = "这项机构变动事项已经办结", "this task was settled before"
        raise Refusal(Reason.STATUS_FORBIDS, zh, en, where="task", value=task.state)


async def settle(act: Act, by: Person, task: Task, decision: Decision) -> None:
    """Close the task, write its steps, carry out those that are due, tell body, successors and registrars."""
    body = await bodies.find_body(act.conn, task.uscc)
    if decision.is_override:
        await body_tasks.drop_proposal(act.conn, task.id)
    await body_tasks.settle(act.conn, task.id, by.actor, act.now, decision.as_json())
    detail = {"task": task.id, "region": task.region, "choices": decision.as_json()["choices"]}
    await act.remember("body.task_settled", task.uscc, {"task": task.id, **decision.as_json()}, detail=detail)
    is_alive = body is not None and body.alive
    steps = [step for name in task.names for step in _steps(act, task, name, decision.choices[name["name"]], is_alive)]
    await body_tasks.supersede(act.conn, task.id, [name["roid"] for name in task.names], act.now)
    await body_tasks.add_steps(act.conn, steps)
    for step in steps:
        if step.due_at <= act.now:
            await carry_out(act, task, step)
    await _tell(act, task, decision, [step for step in steps if step.due_at > act.now])


def _steps(act: Act, task: Task, name: Mapping[str, str], choice: Choice, is_alive: bool) -> Iterator[Step]:
    make = partial(Step, task.id, name["roid"], name["name"])
    if choice.kind in {ChoiceKind.KEEP, ChoiceKind.FOLLOW}:
        yield make(choice.kind.value, choice.holder, act.now)
    end = due_at(choice, is_alive, act.now)
    if end is not None:
        yield make("hold" if choice.kind is ChoiceKind.HOLD else "retire", choice.holder, end)


async def _tell(act: Act, task: Task, decision: Decision, later: list[Step]) -> None:
    heirs = {one.uscc: one.name for one in await find_heirs(act, task)}
    said = choices_words(task, decision.choices, heirs)
    shown = {name["name"]: name["unicode"] for name in task.names}
    ends = [f"{shown[step.name]} {step.due_at.astimezone(BEIJING).date()}" for step in later]
    text = Text(
        f"{said.zh}。理由：{decision.reason}。" + (f"停止解析之日：{'、'.join(ends)}。" if ends else "")
        + "标识随名称：被承继的换发给承继机构，停用的撤销。",
        f"{said.en}. Reason: {decision.reason}. " + (f"Stops resolving: {', '.join(ends)}. " if ends else "")
        + "Marks go with names: issued anew to a successor, revoked with a name that retires.",
    )  # fmt: skip
    subject = Text(f"机构变动的决定：{task.detail['name'][0]}", f"Decided: {task.detail['name'][0]}")
    link = f"/portal/body-tasks/{task.id}"
    for uscc in dict.fromkeys([task.uscc, *task.successors, *(one.holder for one in decision.choices.values())]):
        if uscc:
            once = f"body-task {task.id} settled {uscc}"
            letter = Notice(
                Recipient("body", uscc), "body.task_settled", subject, text, link, "action", {"task": task.id}, once
            )
            await act.notify(letter)
    await _tell_registrars(act, task, later, decision.reason)


async def _tell_registrars(act: Act, task: Task, later: list[Step], reason: str) -> None:
    """What happens on a later day they hear now; what happens today stands in messages of its own (RFC 8590)."""
    registrars = {name["name"]: name["registrar"] for name in task.names}
    shown = {name["name"]: name["unicode"] for name in task.names}
    for step in later:
        day = step.due_at.astimezone(BEIJING).date().isoformat()
        payload = {"task": task.id, "name": step.name, "choice": step.choice, "at": step.due_at.isoformat()}
        await act.tell(
            registrars[step.name],
            f"域名 {shown[step.name]} 将于 {day} 停止解析：{reason}",
            f"{step.name} stops resolving on {day}: {reason}",
            payload=payload,
        )
