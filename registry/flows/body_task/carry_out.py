"""One dated step of a decision about a name, done: it follows, goes on hold, comes back, or goes out of use (design, law 9).

What cannot be done today is tried again tomorrow, and those who can remove the obstacle are told once. A name whose hosts keep it from being
deleted stops resolving on its day all the same.
"""

from dataclasses import replace
from datetime import timedelta
from functools import partial

from registry.flows.act import Act
from registry.flows.domain.delete import DeleteDomain, delete_domain
from registry.flows.domain.saving import save
from registry.flows.domain.settle import open_for_change
from registry.flows.domain.told import tell_change
from registry.kernel.errors import Reason, Refusal, Text
from registry.kernel.names import to_u
from registry.model.domain import Domain
from registry.model.notice import Notice, Recipient, reviewers_of
from registry.policy.objects.status import changed_reasons
from registry.store import bodies, body_tasks
from registry.store.body_tasks import Step, Task

TRY_AGAIN = timedelta(days=1)
HOLD = "serverHold"
NOT_OURS = "名称已不由该机构持有 / not the body's any more"
OTHER_HOLD = "注册局另有暂停 / on hold for a reason of its own"
IS_BACK = "机构已恢复 / the body is back"
REASONS = {
    "follow": "随承继机构变更持有单位 / the name follows the successor",
    "hold": "持有机构被暂停 / the body that holds it is suspended",
    "release": "持有机构已恢复 / the body that holds it is back",
    "retire": "名称按决定停用 / the name retires as decided",
}
_DONE = {
    "hold": Text("{}已暂停解析，机构恢复后即恢复。", "{} is on hold until the body is back."),
    "release": Text("{}已恢复解析。", "{} resolves again."),
    "retire": Text(
        "{}已停止解析，并将永久保留，不再分配给其他机构。", "{} is out of use and is never given to another body."
    ),
}


async def carry_out(act: Act, task: Task, step: Step) -> None:
    """Do it; a name that is not its holder's any more, or is on its way out already, needs nothing. ``retire`` is a job's act."""
    domain = await _held(act, step.name, step.roid, _holder(task, step))
    obstacle = NOT_OURS if domain is None else await _needless(act, task, step, domain)
    if domain is None or obstacle:
        await body_tasks.finish_step(act.conn, step, act.now, obstacle)
        return
    if step.choice == "retire" and not await _retire(act, task, step, domain):
        return
    if step.choice == "follow":
        await _follow(act, task, domain, step.holder)
    elif step.choice in {"hold", "release"}:
        await _set_hold(act, domain, step.choice, is_on=step.choice == "hold")
    await body_tasks.finish_step(act.conn, step, act.now, "")
    await _tell_holder(act, task, step, domain)


async def _needless(act: Act, task: Task, step: Step, domain: Domain) -> str:
    """Why a hold, or its end, has nothing to do; empty when it has."""
    if step.choice == "hold" and HOLD in domain.statuses:
        return OTHER_HOLD
    if step.choice == "release" and not _is_own_hold(domain):
        return OTHER_HOLD
    return IS_BACK if step.choice == "hold" and await _is_back(act, task.uscc) else ""


def _is_own_hold(domain: Domain) -> bool:
    """Whether a decision about the body set it; an operator's own hold is his to lift."""
    return HOLD in domain.statuses and domain.status_reasons.get(HOLD) in REASONS.values()


def _holder(task: Task, step: Step) -> str:
    """Whose the name must be: a successor's that bore it as a former name until today, else the body's of the task."""
    return step.holder if step.choice == "retire" and step.holder else task.uscc


async def _held(act: Act, name: str, roid: str, uscc: str) -> Domain | None:
    try:
        domain, _ = await open_for_change(act, name)
    except Refusal as refusal:
        if refusal.reason is not Reason.NOT_FOUND:
            raise
        return None
    is_same = domain.roid == roid and domain.uscc == uscc and domain.deleted_at is None
    return domain if is_same else None


async def _is_back(act: Act, uscc: str) -> bool:
    body = await bodies.find_body(act.conn, uscc)
    return body is not None and body.alive


async def _follow(act: Act, task: Task, domain: Domain, uscc: str) -> None:
    proof = {"task": task.id, "before": domain.uscc, "at": act.now.isoformat()}
    statuses = domain.statuses - {HOLD} if _is_own_hold(domain) else domain.statuses
    changed = replace(
        domain, uscc=uscc, verification=proof, statuses=statuses, updated_at=act.now, updated_by=act.caller.id,
        status_reasons=changed_reasons(domain.status_reasons, statuses, (), ""),
    )  # fmt: skip
    await save(act, "domain.updated", changed, reason=REASONS["follow"], holder_before=domain.uscc)
    await tell_change(act, changed, "update", REASONS["follow"])


async def _set_hold(act: Act, domain: Domain, why: str, *, is_on: bool) -> None:
    """Nothing is written when it is so already: an operator's own hold stands."""
    if is_on == (HOLD in domain.statuses):
        return
    statuses = domain.statuses | {HOLD} if is_on else domain.statuses - {HOLD}
    reasons = changed_reasons(domain.status_reasons, statuses, (HOLD,) if is_on else (), REASONS[why])
    changed = replace(domain, statuses=statuses, status_reasons=reasons, updated_at=act.now, updated_by=act.caller.id)
    await save(act, "domain.updated", changed, reason=REASONS[why])
    await tell_change(act, changed, "update", REASONS[why])


async def _retire(act: Act, task: Task, step: Step, domain: Domain) -> bool:
    """Into redemption, from where no registrar brings it back; afterwards it is kept for nobody else. False: not yet."""
    try:
        async with act.conn.transaction():
            await delete_domain(act, DeleteDomain(domain.name))
    except Refusal as refusal:
        if refusal.reason not in {Reason.LINKED, Reason.STATUS_FORBIDS}:
            raise
        await _set_hold(act, domain, "retire", is_on=True)
        await body_tasks.postpone_step(act.conn, step, act.now + TRY_AGAIN)
        await _tell_obstacle(act, task, step, domain, refusal)
        return False
    return True


async def _tell_obstacle(act: Act, task: Task, step: Step, domain: Domain, refusal: Refusal) -> None:
    shown, link = to_u(step.name), f"/portal/body-tasks/{task.id}"
    text = Text(
        f"{shown} 尚不能删除：{refusal.text.zh}。已先暂停解析，每日再试。",
        f"{shown} cannot be deleted yet: {refusal.text.en}. It is on hold and tried again every day.",
    )
    subject = Text(f"停用未完成：{shown}", f"Not retired yet: {shown}")
    readers = (reviewers_of(task.level, task.region), Recipient("registrar", domain.registrar_id))
    once = f"body-task {task.id} {step.roid} obstacle"
    await act.notify(
        *(
            Notice(one, "name.obstacle", subject, text, link, "action", {"task": task.id}, f"{once} {one.kind}")
            for one in readers
        )
    )


async def _tell_holder(act: Act, task: Task, step: Step, domain: Domain) -> None:
    words = _DONE.get(step.choice)
    if words is None:
        return
    shown = domain.members[0].unicode if domain.members else to_u(step.name)
    text = Text(words.zh.format(shown), words.en.format(shown))
    make = partial(Notice, kind=f"name.{step.choice}", subject=text, text=text, link=f"/portal/body-tasks/{task.id}")
    for uscc in dict.fromkeys([domain.uscc, *task.successors]):
        once = f"body-task {task.id} {step.roid} {step.choice} {uscc}"
        await act.notify(make(Recipient("body", uscc), severity="action", payload={"task": task.id}, once=once))
