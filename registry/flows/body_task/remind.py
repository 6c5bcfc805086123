"""Whoever owes a decision about a body that changed is reminded in its last week; when the term is over, level after level above hears of it.

The next reminder stands with the task (``remind_at``), so a job that was away sends the one that is due now, once, and none twice.
"""

from datetime import datetime, time, timedelta

from registry.flows.act import Act
from registry.kernel.clock import BEIJING
from registry.kernel.errors import Text
from registry.model.jurisdiction import desks_above
from registry.model.notice import Notice, Severity, reviewers_of
from registry.store import body_tasks
from registry.store.body_tasks import Task

LAST_DAYS = (7, 3, 1)  # days before the day that it is due, on which the desk is reminded
LOOK_AHEAD = timedelta(days=8)  # a task without ``remind_at`` is looked at this long before its term ends
WEEK = 7  # days between two steps up


async def remind(act: Act, task_id: int) -> bool:
    """Tell whom this moment asks to tell, and note when the next is; whether anybody was told."""
    task = await body_tasks.lock(act.conn, task_id)
    if task is None or task.state != "open":
        return False
    left = (_day(task.due_at) - _day(act.now)).days
    is_due = left <= LAST_DAYS[0] and (task.remind_at is None or task.remind_at <= act.now)
    await body_tasks.note_reminder(act.conn, task.id, _next(task, left))
    if is_due:
        await act.notify(*(_overdue(task, -left) if left < 0 else _near(task, left)))
        act.has_changed = True
    return is_due


def _day(at: datetime) -> datetime:
    return datetime.combine(at.astimezone(BEIJING).date(), time(), BEIJING)


def _next(task: Task, left: int) -> datetime:
    """The beginning of the day of the reminder after the one of today."""
    ahead = [days for days in LAST_DAYS if days < left]
    if ahead:
        return _day(task.due_at) - timedelta(days=ahead[0])
    weeks = max(0, -left - 1) // WEEK + 1 if left < 0 else 0
    return _day(task.due_at) + timedelta(days=1 + WEEK * weeks)


def _near(task: Task, left: int) -> list[Notice]:
    name = task.detail["name"][0]
    subject = Text(f"机构变动事项即将到期：{name}", f"A decision is due: {name}")
    said = Text(f"请在 {left} 日内作出决定。", f"Please decide within {left} days.")
    return [_letter(task, task.level, "body.task_due", subject, said, f"{left} left")]


def _overdue(task: Task, days: int) -> list[Notice]:
    name = task.detail["name"][0]
    subject = Text(f"机构变动事项已超期：{name}", f"A decision is overdue: {name}")
    said = Text(
        f"已超期 {days} 日，名称解析不受影响，请尽快决定。",
        f"It is {days} days overdue; the names go on resolving. Please decide.",
    )
    levels = desks_above(task.level, 1 + (days - 1) // WEEK)
    return [_letter(task, level, "body.task_overdue", subject, said, f"{days} overdue") for level in levels]


def _letter(task: Task, level: str, kind: str, subject: Text, said: Text, when: str) -> Notice:
    once = f"body-task {task.id} {level} {when}"
    severity: Severity = "urgent" if kind.endswith("overdue") else "action"
    link, payload = f"/portal/body-tasks/{task.id}", {"task": task.id, "due": task.due_at.isoformat()}
    return Notice(reviewers_of(level, task.region), kind, subject, said, link, severity, payload, once)
