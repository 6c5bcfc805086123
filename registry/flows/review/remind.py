"""An application whose term ends is said to its desk; when the term is over, level after level above hears of it, a step a working week."""

from registry.flows.act import Act
from registry.flows.review.reach import level_of_body
from registry.flows.review.told import link_of, shown
from registry.flows.review.working_days import DECISION_DAYS, FIRST_OPINION_DAYS, is_working_day, working_days_spent
from registry.kernel.clock import BEIJING
from registry.kernel.errors import Text
from registry.model.application import Stage
from registry.model.jurisdiction import desks_above
from registry.model.notice import Notice, Recipient, Severity, reviewers_of
from registry.store import applications, clocks
from registry.store.applications import Application

STEP = 5  # working days between two steps up


async def remind_of_application(act: Act, application_id: str) -> bool:
    """Tell whom today asks to tell, and note that it was looked at; whether anybody was told. Nobody is bothered on a day off."""
    application = await applications.lock(act.conn, application_id)
    today = act.now.astimezone(BEIJING).date()
    if application is None or not Stage(application.stage).is_waiting or not is_working_day(today):
        return False
    await clocks.note_reminded(act.conn, application.id, today)
    term = FIRST_OPINION_DAYS if application.stage == Stage.SUBMITTED else DECISION_DAYS
    over = working_days_spent(application.created_at, act.now, application.paused_days, application.returned_at) - term
    if over < 0 or (over and (over - 1) % STEP):
        return False
    level = await level_of_body(act, application)
    levels = desks_above(level, 1 + (over - 1) // STEP if over else 0)
    await act.notify(*_letters(application, levels, over))
    act.has_changed = True
    return True


def _letters(application: Application, levels: tuple[str, ...], over: int) -> list[Notice]:
    name = shown(application)
    subject, said, severity = _words(application.id, name, over)
    to = [reviewers_of(level, application.region) for level in levels]
    if application.claimed_by:
        to.insert(0, Recipient("person", application.claimed_by.removeprefix("person:")))
    once = f"application {application.id} {application.stage} {over}"
    payload = {"application": application.id, "over": over}
    return [
        Notice(
            one,
            "application.due",
            subject,
            said,
            link_of(application),
            severity,
            payload,
            f"{once} {one.kind} {one.id}",
        )
        for one in to
    ]


def _words(number: str, name: str, over: int) -> tuple[Text, Text, Severity]:
    if not over:
        said = Text(f"申请 {number} 的办理期限今日届满。", f"The term of application {number} ends today.")
        return Text(f"“{name}”的申请今日到期", f"Application for “{name}” is due today"), said, "action"
    said = Text(f"申请 {number} 已超期 {over} 个工作日。", f"Application {number} is {over} working days overdue.")
    return Text(f"“{name}”的申请已超期", f"Application for “{name}” is overdue"), said, "urgent"
