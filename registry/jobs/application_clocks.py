"""The clocks of applications, of reviewers who are away, and of names in their holders' hands."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any

from registry.flows.act import Act, Caller
from registry.flows.holding.remind import DAYS, RECHECK_DAYS, ask_for_recheck, remind_of_end, tell_overdue_recheck
from registry.flows.review.absence import hand_over
from registry.flows.review.remind import remind_of_application
from registry.flows.review.working_days import FIRST_OPINION_DAYS, is_working_day
from registry.flows.runner import Runner
from registry.kernel.clock import BEIJING
from registry.store import clocks

CALLER = Caller("job", "application-clocks")
AT_ONCE = 500  # a run that finds more goes on at its next turn
# No term of working days is over before as many calendar days; what is younger need not be counted out.
YOUNGEST = timedelta(days=FIRST_OPINION_DAYS)
Work = Callable[[Act], Awaitable[Any]]


async def run_application_clocks(runner: Runner) -> int:
    """One act a case; a run that was missed is made up by the next. Returns how many told somebody."""
    now = runner.clock.now()
    today = now.astimezone(BEIJING).date()
    async with runner.db.connection() as conn:
        away = await clocks.to_hand_over(conn, today)
        late = await clocks.late_applications(conn, now - YOUNGEST, today, AT_ONCE) if is_working_day(today) else []
    work: list[Work] = [*(partial(_hand_over, one) for one in away), *(partial(_remind, case) for case in late)]
    return sum([bool(await runner.run(CALLER, one)) for one in work])


async def run_name_clocks(runner: Runner) -> int:
    """Reminders to holders, the yearly look, and what nobody looked at."""
    now = runner.clock.now()
    async with runner.db.connection() as conn:
        work: list[Work] = [
            *[
                partial(_end, one)
                for one in await clocks.ending_names(conn, now, now + timedelta(days=max(DAYS)), DAYS, AT_ONCE)
            ],
            *[partial(_ask, one) for one in await clocks.to_recheck(conn, now, AT_ONCE)],
            *[
                partial(_tell, one)
                for one in await clocks.overdue_rechecks(conn, now - timedelta(days=RECHECK_DAYS), AT_ONCE)
            ],
        ]
    return sum([bool(await runner.run(CALLER, one)) for one in work])


async def _hand_over(away: clocks.Absence, act: Act) -> int:
    return await hand_over(act, away)


async def _remind(case: str, act: Act) -> bool:
    return await remind_of_application(act, case)


async def _end(one: clocks.Ending, act: Act) -> bool:
    return await remind_of_end(act, one)


async def _ask(one: clocks.Recheck, act: Act) -> bool:
    return await ask_for_recheck(act, one)


async def _tell(one: clocks.Recheck, act: Act) -> bool:
    return await tell_overdue_recheck(act, one)
