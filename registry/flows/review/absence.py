"""A reviewer is away for some days: what lies on his desk, and what is handed to him meanwhile, goes to a colleague of the same reach.

Nothing else moves: whoever may decide a case still may, the four eyes stay four, and the delegate acts in his own name.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from registry.flows.act import Act
from registry.kernel.clock import BEIJING
from registry.kernel.errors import Reason, Refusal, Text
from registry.model.jurisdiction import jurisdiction_of
from registry.model.notice import Notice, Recipient
from registry.model.person import REVIEWERS, Person
from registry.store import applications, clocks, people
from registry.store.applications import Step
from registry.store.clocks import Absence

MOST_DAYS = 90  # longer is no holiday: the account is another person's by then


@dataclass(frozen=True, slots=True)
class SetAbsence:
    """Both days included."""

    delegate: str
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class AwayDesk:
    """What he set, and who could stand in for him."""

    absence: Absence | None
    colleagues: tuple[Person, ...]


async def read_absence(act: Act, by: Person) -> AwayDesk:
    """His own page. Refuses with NOT_PERMITTED (no reviewer)."""
    _check(by)
    found = await people.of_role(act.conn, by.role, by.region)
    return AwayDesk(await clocks.absence_of(act.conn, by.username), tuple(one for one in found if _fits(by, one)))


async def set_absence(act: Act, by: Person, order: SetAbsence) -> None:
    """Keep it; what is on his desk goes over on the first day, by the job.

    Refuses with NOT_PERMITTED (no reviewer; a colleague without the reach), NOT_FOUND (colleague), VALUE_OUT_OF_RANGE (days).
    """
    _check(by)
    today = act.now.astimezone(BEIJING).date()
    if not today <= order.first_day <= order.last_day or order.last_day - order.first_day > timedelta(days=MOST_DAYS):
        zh = f"起止日期须自今日起，先后有序，至多 {MOST_DAYS} 日"
        raise Refusal(Reason.VALUE_OUT_OF_RANGE, zh, f"from today on, in order, at most {MOST_DAYS} days", where="days")
    account = await people.find(act.conn, order.delegate)
    if account is None or account.disabled_at is not None:
        raise Refusal(
            Reason.NOT_FOUND, "没有这个审核员", "there is no such reviewer", where="delegate", value=order.delegate[:40]
        )
    if not _fits(by, account.person):
        zh, en = (
            "代办人须是管辖范围不小于本人的另一名审核员",
            "the delegate must be another reviewer whose reach holds yours",
        )
        raise Refusal(Reason.NOT_PERMITTED, zh, en, where="delegate", value=order.delegate)
    one = Absence(by.username, order.delegate, order.first_day, order.last_day)
    await clocks.set_absence(act.conn, one, act.now)
    await act.remember(
        "absence.set", by.username, {"delegate": one.delegate, "from": str(one.first_day), "to": str(one.last_day)}
    )


async def end_absence(act: Act, by: Person) -> None:
    """He is back. Refuses with NOT_PERMITTED, STATUS_FORBIDS (nothing was set)."""
    _check(by)
    if not await clocks.end_absence(act.conn, by.username):
        raise Refusal(Reason.STATUS_FORBIDS, "没有设置过代办", "nothing was set", where="absence")
    await act.remember("absence.ended", by.username, {})


async def hand_over(act: Act, away: Absence) -> int:
    """Clear his desk; how many cases went over."""
    account, delegate = await people.find(act.conn, away.username), await people.find(act.conn, away.delegate)
    await clocks.note_handed(act.conn, away.username, act.now)
    if account is None or delegate is None or delegate.disabled_at is not None:
        return 0
    cases = await clocks.on_desk(act.conn, account.person.actor)
    for case in cases:
        found = await applications.lock(act.conn, case)
        if found is None or found.claimed_by != account.person.actor:
            continue
        await applications.claim(act.conn, case, delegate.person.actor)
        reason = f"→ {delegate.person.name or away.delegate}（代办 standing in）"
        step = Step(act.now, "job:absence", account.person.role.value, "claim", found.stage, found.stage, reason)
        await applications.add_step(act.conn, case, step)
    await act.remember("absence.handed", away.username, {"delegate": away.delegate, "cases": cases})
    if cases:
        await act.notify(_told(away, len(cases)))
    return len(cases)


async def stand_in_of(act: Act, person: Person) -> Person | None:
    """Who gets what is handed to this reviewer today instead of him; None when he is there."""
    away = await clocks.absence_of(act.conn, person.username)
    today = act.now.astimezone(BEIJING).date()
    if away is None or not away.first_day <= today <= away.last_day:
        return None
    account = await people.find(act.conn, away.delegate)
    return account.person if account is not None and account.disabled_at is None else None


def _fits(by: Person, other: Person) -> bool:
    own, his = jurisdiction_of(by), jurisdiction_of(other)
    if other.username == by.username or own is None or his is None:
        return False
    return own.prefix.startswith(his.prefix) and set(own.levels) <= set(his.levels)


def _check(by: Person) -> None:
    if by.role not in REVIEWERS:
        zh, en = "只有审核员可以设置代办", "only reviewers have a delegate"
        raise Refusal(Reason.NOT_PERMITTED, zh, en, where="person", value=by.username)


def _told(away: Absence, many: int) -> Notice:
    subject = Text(f"代办：{many} 件申请转到您处", f"You stand in: {many} applications are yours now")
    said = Text(
        f"{away.username} 自 {away.first_day} 至 {away.last_day} 不在岗，其受理的 {many} 件申请由您代办。",
        f"{away.username} is away from {away.first_day} to {away.last_day}; {many} of his applications are on your desk.",
    )
    once = f"absence {away.username} {away.first_day} {away.delegate}"
    return Notice(
        Recipient("person", away.delegate),
        "absence.handed",
        subject,
        said,
        "/portal/queue",
        "action",
        {"cases": many},
        once,
    )
