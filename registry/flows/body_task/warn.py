"""A week before a name stops resolving its holder and its registrar hear of it once more."""

from datetime import timedelta

from registry.flows.act import Act
from registry.kernel.clock import BEIJING
from registry.kernel.errors import Text
from registry.kernel.names import to_u
from registry.model.notice import Notice, Recipient
from registry.store import body_tasks, domains
from registry.store.body_tasks import Step

WARN_BEFORE = timedelta(days=7)


async def warn_of_end(act: Act, step: Step) -> None:
    """Tell them, once."""
    task = await body_tasks.lock(act.conn, step.task_id)
    found = await domains.find(act.conn, step.name)
    await body_tasks.note_warned(act.conn, step, act.now)
    if task is None or found is None or found[0].roid != step.roid:
        return
    day, shown = step.due_at.astimezone(BEIJING).date(), to_u(step.name)
    text = Text(
        f"{shown} 将于 {day} 停止解析，请提前告知公众并改用新的名称。",
        f"{shown} stops resolving on {day}; please tell the public and use the new name.",
    )
    subject = Text(f"名称即将停止解析：{shown}", f"A name is about to stop resolving: {shown}")
    readers = [Recipient("body", uscc) for uscc in dict.fromkeys([found[0].uscc, *task.successors]) if uscc]
    once = f"body-task {task.id} {step.roid} warned"
    await act.notify(
        *(
            Notice(one, "name.ending", subject, text, f"/portal/body-tasks/{task.id}", "urgent", {"task": task.id}, f"{once} {one.id}")
            for one in readers
        )
    )  # fmt: skip
    await act.tell(found[0].registrar_id, text.zh, text.en, payload={"task": task.id, "name": step.name})
    act.has_changed = True
