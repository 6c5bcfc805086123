"""Events of bodies reach the names: a task for the reviewer, a message for the registrar, and nothing in DNS.

A body that is renamed, merged, split, abolished, cancelled or suspended may hold names, sites and marks. What becomes of them a person
decides (design, law 9); here the work is put on his desk in the very transaction that changes the body, with a clock that runs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from registry.kernel.db import Connection, Record
from registry.kernel.errors import Text
from registry.model.notice import Notice as Letter
from registry.model.notice import Recipient, Severity, reviewers_of
from registry.store import body_tasks, polls
from registry.store import notices as told
from registry.store.body_tasks import Task

TIME_TO_DECIDE = timedelta(days=30)  # domain rules, 10.3: a holder's change is due within 30 days

_SAID = {
    "renamed": ("更名为“{after}”", "was renamed to “{after}”"),
    "merged": ("已并入其他机构", "was merged into another body"),
    "split": ("已拆分", "was split"),
    "abolished": ("已撤销", "was abolished"),
    "cancelled": ("已注销登记", "was removed from its register"),
    "suspended": ("已被暂停", "was suspended"),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """What one registrar is told of one task."""

    registrar: str
    text: Text
    payload: dict[str, object]


async def open_tasks(conn: "Connection[Record]", run: int, actor: str, now: datetime) -> list[Task]:
    """Tasks for what a run changed, and the poll messages to the registrars of the names; in the run's own transaction."""
    tasks = await body_tasks.open_tasks(conn, run, actor, now, now + TIME_TO_DECIDE)
    for notice in (notice for task in tasks for notice in notices(task)):
        await polls.add(conn, notice.registrar, now, notice.text.zh, notice.text.en, "notice", notice.payload)
    await told.add(conn, now, [letter for task in tasks for letter in letters(task)])
    return tasks


def letters(task: Task) -> Iterator[Letter]:
    """What the body, its successors and the reviewers in charge are told: everything that is touched, and by when."""
    text = message(task, [name["unicode"] for name in task.names])
    touched = Text(
        f"{text.zh}涉及网站 {len(task.sites)} 个、标识 {len(task.marks)} 枚。",
        f"{text.en} Sites touched: {len(task.sites)}; marks: {len(task.marks)}.",
    )
    subject = Text(f"机构变动：{task.detail['name'][0]}", f"A body changed: {task.detail['name'][0]}")
    link = f"/portal/body-tasks/{task.id}"
    readers = [Recipient("body", uscc) for uscc in dict.fromkeys([task.uscc, *task.successors])]
    for reader in [*readers, reviewers_of(task.level, task.region)]:
        severity: Severity = "action" if reader.kind == "reviewers" else "news"
        once = f"body-task {task.id} {reader.kind} {reader.id}"
        yield Letter(reader, f"body.{task.event}", subject, touched, link, severity, {"task": task.id}, once)


def notices(task: Task) -> Iterator[Notice]:
    """One for each registrar that sponsors a name of the body."""
    for registrar in sorted({name["registrar"] for name in task.names}):
        names = [name["unicode"] for name in task.names if name["registrar"] == registrar]
        payload: dict[str, object] = {
            "task": task.id, "event": task.event, "uscc": task.uscc, "names": names, "successors": task.successors,
            "due": task.due_at.isoformat(),
        }  # fmt: skip
        yield Notice(registrar, message(task, names), payload)


def message(task: Task, names: list[str]) -> Text:
    """What happened to the body, and that the names stay as they are until a reviewer decides."""
    before, after = task.detail["name"]
    zh, en = _SAID[task.event]
    day = task.due_at.date().isoformat()
    return Text(
        f"机构“{before}”（{task.uscc}）{zh.format(after=after)}，涉及域名：{'、'.join(names)}。请于 {day} 前办理变更；作出决定以前，解析不受影响。",
        f"The body “{before}” ({task.uscc}) {en.format(after=after)}; names: {', '.join(names)}. A change is due by {day}; "
        "until a decision the names go on resolving.",
    )
