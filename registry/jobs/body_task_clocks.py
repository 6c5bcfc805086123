"""The clocks of bodies that changed: names whose day has come, names whose body is back, and reminders to who owes a decision."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from registry.flows.act import Act, Caller
from registry.flows.body_task.carry_out import carry_out
from registry.flows.body_task.release import release_name
from registry.flows.body_task.remind import LOOK_AHEAD, remind
from registry.flows.body_task.warn import WARN_BEFORE, warn_of_end
from registry.flows.runner import Runner
from registry.kernel.errors import Refusal
from registry.kernel.log import get_logger
from registry.store import body_tasks
from registry.store.body_tasks import Step

CALLER = Caller("job", "body-task-clocks", may_override=True)
AT_ONCE = 500  # a run that finds more goes on at its next turn
Work = Callable[[Act], Awaitable[Any]]


async def run_clocks(runner: Runner) -> int:
    """One act a name and one a task; a run that was missed is made up by the next. Returns how many did something."""
    now = runner.clock.now()
    async with runner.db.connection() as conn:
        steps = await body_tasks.due_steps(conn, now, AT_ONCE)
        back = await body_tasks.to_release(conn, AT_ONCE)
        ending = await body_tasks.to_warn(conn, now, now + WARN_BEFORE, AT_ONCE)
        tasks = await body_tasks.to_remind(conn, now, now + LOOK_AHEAD, AT_ONCE)
    work: list[Work] = [
        *(partial(_carry_out, step) for step in steps),
        *(partial(_release, step) for step in back),
        *(partial(_warn, step) for step in ending),
        *(partial(_remind, task.id) for task in tasks),
    ]
    return sum([await _run(runner, one) for one in work])


async def _run(runner: Runner, work: Work) -> bool:
    """One act; what is refused is logged and stands in nobody's way: the next run tries it again."""
    try:
        return bool(await runner.run(CALLER, work))
    except Refusal as refusal:
        get_logger().warning("a clock was refused", reason=refusal.reason, text=refusal.text.en)
        return False


async def _carry_out(step: Step, act: Act) -> bool:
    task = await body_tasks.lock(act.conn, step.task_id)
    if task is None or not await body_tasks.is_due(act.conn, step, act.now):
        return False
    await carry_out(act, task, step)
    return True


async def _release(step: Step, act: Act) -> bool:
    await release_name(act, step)
    return True


async def _warn(step: Step, act: Act) -> bool:
    await warn_of_end(act, step)
    return True


async def _remind(task_id: int, act: Act) -> bool:
    return await remind(act, task_id)
