"""Close applications whose applicants were asked for a correction and did not answer in time."""

from datetime import timedelta
from functools import partial

from registry.flows.act import Act, Caller
from registry.flows.review.lapse import LapseApplication, lapse_application
from registry.flows.runner import Runner
from registry.model.application import CORRECTION_DAYS
from registry.store import applications

CALLER = Caller("job", "lapse-applications")
AT_ONCE = 500  # a run that finds more goes on at its next turn
# No term of working days is over before as many calendar days; what is younger need not be counted out.
YOUNGEST = timedelta(days=CORRECTION_DAYS)


async def lapse_applications(runner: Runner) -> int:
    """One act an application; returns how many were closed."""
    before = runner.clock.now() - YOUNGEST
    async with runner.db.connection() as conn:
        due = await applications.returned_before(conn, before, AT_ONCE)
    return sum([await runner.run(CALLER, partial(_lapse, one)) for one in due])


async def _lapse(application_id: str, act: Act) -> bool:
    return await lapse_application(act, LapseApplication(application_id))
