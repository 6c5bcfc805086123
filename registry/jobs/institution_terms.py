"""Terms in the life of institutions that passed or come near: told once each; what was not corrected in time is closed.

What is due is found in the tables, and what was told is noted there, so a run that was missed is made up and none tells twice.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

from registry.flows.act import Act, Caller
from registry.flows.institution.alarms import (
    ACT_DUE_SOON,
    ACT_OVERDUE,
    CERTIFICATE_ENDING,
    LIQUIDATION_OVERDUE,
    REPORT_DUE_SOON,
    REPORT_MISSING,
    Alarm,
    tell_alarms,
)
from registry.flows.institution.lapse import LapseAct, lapse_act
from registry.flows.institution.terms import day_of, term_before
from registry.flows.runner import Runner
from registry.kernel.db import Connection, Record
from registry.model.institution import WAITING, ActStage
from registry.policy.institutions import DECISION_WARNING_DAYS, RENEWAL_DAYS, REPORT_REMINDER, report_due_on
from registry.policy.naming.holder import report_year_due
from registry.store import institution_records
from registry.store.institution_records import Due

CALLER = Caller("job", "institution-terms")
AT_ONCE = 1000  # of each kind in a run; a run that finds more goes on at its next turn
IN_ONE_ACT = 100  # alarms in a transaction
_WAITING = sorted(stage.value for stage in WAITING)
_DECIDING = sorted(stage.value for stage in WAITING - {ActStage.FILED})


async def watch_institutions(runner: Runner) -> int:
    """Returns how many were told or closed."""
    today = day_of(runner.clock.now())
    async with runner.db.connection() as conn:
        lapsed = await institution_records.acts_due(conn, "", today, [ActStage.RETURNED.value], AT_ONCE)
        alarms = [*await _of_acts(conn, today), *await _of_bodies(conn, today), *await _of_reports(conn, today)]
    closed = sum([await runner.run(CALLER, partial(_lapse, due.subject)) for due in lapsed])
    told = [
        await runner.run(CALLER, partial(_tell, alarms[first : first + IN_ONE_ACT]))
        for first in range(0, len(alarms), IN_ONE_ACT)
    ]
    return closed + sum(told)


async def _lapse(act_id: str, act: Act) -> bool:
    return await lapse_act(act, LapseAct(act_id))


async def _tell(alarms: Sequence[Alarm], act: Act) -> int:
    return await tell_alarms(act, alarms)


async def _of_acts(conn: "Connection[Record]", today: date) -> list[Alarm]:
    soon = term_before(today, DECISION_WARNING_DAYS) + timedelta(days=1)
    near = await institution_records.acts_due(conn, ACT_DUE_SOON, soon, _DECIDING, AT_ONCE)
    over = await institution_records.acts_due(conn, ACT_OVERDUE, today, _WAITING, AT_ONCE)
    return [*_alarms(ACT_DUE_SOON, near), *_alarms(ACT_OVERDUE, over)]


async def _of_bodies(conn: "Connection[Record]", today: date) -> list[Alarm]:
    over = await institution_records.liquidations_due(conn, LIQUIDATION_OVERDUE, today, AT_ONCE)
    before = today + timedelta(days=RENEWAL_DAYS)
    ending = await institution_records.certificates_ending(conn, CERTIFICATE_ENDING, before, AT_ONCE)
    return [*_alarms(LIQUIDATION_OVERDUE, over), *_alarms(CERTIFICATE_ENDING, ending)]


async def _of_reports(conn: "Connection[Record]", today: date) -> list[Alarm]:
    """Last year's before its day, and the one whose day is over."""
    found: list[Alarm] = []
    missing = report_year_due(today)
    wanted = [(REPORT_MISSING, missing)]
    if missing < today.year - 1 and (today.month, today.day) >= REPORT_REMINDER:
        wanted.append((REPORT_DUE_SOON, today.year - 1))
    for kind, year in wanted:
        dues = await institution_records.reports_missing(conn, kind, report_due_on(year), year, AT_ONCE)
        found += [Alarm(kind, due.subject, due.due_on, year) for due in dues]
    return found


def _alarms(kind: str, dues: Sequence[Due]) -> list[Alarm]:
    return [Alarm(kind, due.subject, due.due_on) for due in dues]
