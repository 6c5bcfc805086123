"""A suspended body is back: what was put on hold because of it resolves again. Giving back needs no decision; taking did."""

from registry.flows.act import Act
from registry.flows.body_task.carry_out import carry_out
from registry.store import body_tasks
from registry.store.body_tasks import Step


async def release_name(act: Act, held: Step) -> None:
    """``held`` is the hold that was carried out. The name of a body that is not alive stays on hold."""
    task = await body_tasks.lock(act.conn, held.task_id)
    if task is None or not await body_tasks.may_release(act.conn, held):
        return
    step = Step(task.id, held.roid, held.name, "release", "", act.now)
    await body_tasks.add_steps(act.conn, [step])
    await carry_out(act, task, step)
    act.has_changed = True
