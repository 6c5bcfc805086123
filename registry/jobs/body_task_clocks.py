"""The clocks of bodies that changed: names whose day has come retire, and who owes a decision is reminded, then his superiors."""

from functools import partial

from registry.flows.act import Act, Caller
from registry.flows.body_task.carry_out import carry_out
from registry.flows.body_task.remind import REMIND_BEFORE, remind
from registry.flows.runner import Runner
from registry.kernel.clock import BEIJING
from registry.store import body_tasks
from registry.store.body_tasks import Step

CALLER = Caller("job", "body-task-clocks", may_override=True)
AT_ONCE = 500  # a run that finds more goes on at its next turn


async def run_clocks(runner: Runner) -> int:
    """One act a name and one a task; a run that was missed is made up by the next. Returns how many."""
    now = runner.clock.now()
    day = now.astimezone(BEIJING).date()
    async with runner.db.connection() as conn:
        steps = await body_tasks.due_steps(conn, now, AT_ONCE)
        tasks = await body_tasks.to_remind(conn, day, now + REMIND_BEFORE, AT_ONCE)
    for step in steps:
        await runner.run(CALLER, partial(_carry_out, step))
    told = [await runner.run(CALLER, partial(_remind, task.id)) for task in tasks]
    return len(steps) + sum(told)


async def _carry_out(step: Step, act: Act) -> None:
    task = await body_tasks.lock(act.conn, step.task_id)
    if task is not None:
        await carry_out(act, None, task, step)


async def _remind(task_id: int, act: Act) -> bool:
    return await remind(act, task_id)
