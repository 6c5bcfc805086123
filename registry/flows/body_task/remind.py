"""Whoever owes a decision about a body that changed is reminded in its last week; when the term is over his superiors hear of it, daily."""

from datetime import timedelta

from registry.flows.act import Act
from registry.kernel.clock import BEIJING
from registry.kernel.errors import Text
from registry.model.jurisdiction import ABOVE
from registry.model.notice import Notice, reviewers_of
from registry.store import body_tasks
from registry.store.body_tasks import Task

REMIND_BEFORE = timedelta(days=8)  # what is looked at: a day more than the first reminder, whatever the hour
LAST_DAYS = frozenset({7, 3, 1, 0})  # days before the term ends on which the desk is reminded


async def remind(act: Act, task_id: int) -> bool:
    """Tell whom today's date asks to tell; whether anybody was told."""
    task = await body_tasks.lock(act.conn, task_id)
    if task is None or task.state != "open":
        return False
    day = act.now.astimezone(BEIJING).date()
    left = (task.due_at.astimezone(BEIJING).date() - day).days
    await body_tasks.note_told(act.conn, task.id, day)
    if left >= 0 and left not in LAST_DAYS:
        return False
    await act.notify(*_letters(task, left))
    act.has_changed = True
    return True


def _letters(task: Task, left: int) -> list[Notice]:
    name, link = task.detail["name"][0], f"/portal/body-tasks/{task.id}"
    if left >= 0:
        subject = Text(f"机构变动事项即将到期：{name}", f"A decision is due: {name}")
        said = Text(f"请在 {left} 日内作出决定。", f"Please decide within {left} days.")
        return [Notice(reviewers_of(task.level, task.region), "body.task_due", subject, said, link, "action")]
    subject = Text(f"机构变动事项已超期：{name}", f"A decision is overdue: {name}")
    said = Text(
        f"已超期 {-left} 日，名称解析不受影响，请尽快决定。",
        f"It is {-left} days overdue; the names go on resolving. Please decide.",
    )
    levels = (task.level, ABOVE[task.level])
    return [
        Notice(reviewers_of(level, task.region), "body.task_overdue", subject, said, link, "urgent") for level in levels
    ]
