"""Holders hear in good time that a year of their name ends, and once a year that they should look at what is recorded of it."""

from registry.flows.act import Act
from registry.flows.holding.read_name import find_held
from registry.kernel.clock import BEIJING
from registry.kernel.errors import Reason, Refusal, Text
from registry.kernel.names import to_u
from registry.model.notice import Notice, Recipient, reviewers_of
from registry.model.person import Person
from registry.store import bodies, clocks
from registry.store.clocks import Ending, Recheck

DAYS = [90, 30, 7]  # before the end of a year of the name
RECHECK_DAYS = 30  # calendar days to look at it; then the reviewers of the body hear of it


async def remind_of_end(act: Act, one: Ending) -> bool:
    """Once for each of :data:`DAYS`; a name is renewed by itself, so nothing is lost by who does nothing."""
    if not await clocks.note_ending(act.conn, one, act.now):
        return False
    shown, day = to_u(one.name), one.expires_at.astimezone(BEIJING).date()
    subject = Text(f"名称年度将于 {day} 届满：{shown}", f"A year of a name ends on {day}: {shown}")
    text = Text(
        f"“{shown}”的注册年度将于 {day} 届满，届时自动续期，解析不中断。不再使用的，请在此前办理停用。",
        f"The year of “{shown}” ends on {day}. It is renewed by itself and goes on resolving; if you do not need it any more, give it up before.",
    )
    await act.notify(
        Notice(
            Recipient("body", one.uscc),
            "name.ending_year",
            subject,
            text,
            _link(one.name),
            "news",
            {"name": one.name, "days": one.days},
        )
    )
    act.has_changed = True
    return True


async def ask_for_recheck(act: Act, one: Recheck) -> bool:
    """年度核对: holder, contacts and servers are to be looked at."""
    if not await clocks.ask_recheck(act.conn, one, act.now):
        return False
    shown = to_u(one.name)
    subject = Text(f"请作年度核对：{shown}", f"Please look at what is recorded: {shown}")
    text = Text(
        f"请在 {RECHECK_DAYS} 日内核对“{shown}”的持有单位、联系人和域名服务器是否仍然属实，并在名称页面确认。",
        f"Within {RECHECK_DAYS} days please look whether holder, contacts and name servers of “{shown}” are still right, and say so on its page.",
    )
    await act.notify(
        Notice(
            Recipient("body", one.uscc),
            "name.recheck",
            subject,
            text,
            _link(one.name),
            "action",
            {"name": one.name, "year": one.year},
        )
    )
    await act.remember("name.recheck_asked", one.roid, {"name": one.name, "year": one.year})
    return True


async def tell_overdue_recheck(act: Act, one: Recheck) -> bool:
    """Nobody looked: the reviewers of the body decide what that means. The name goes on resolving."""
    await clocks.note_told(act.conn, one, act.now)
    body = await bodies.find_body(act.conn, one.uscc)
    shown = to_u(one.name)
    subject = Text(f"年度核对逾期：{shown}", f"Nobody looked at it: {shown}")
    text = Text(
        f"“{shown}”的持有单位（{one.uscc}）未在 {RECHECK_DAYS} 日内完成年度核对，请联系该单位。名称解析不受影响。",
        f"The holder of “{shown}” ({one.uscc}) did not look at it within {RECHECK_DAYS} days; please ask there. The name goes on resolving.",
    )
    level, region = (body.level, body.region) if body else ("central", "000000")
    await act.notify(
        Notice(
            reviewers_of(level, region),
            "name.recheck_overdue",
            subject,
            text,
            f"/portal/bodies/{one.uscc}",
            "action",
            {"name": one.name},
        )
    )
    act.has_changed = True
    return True


async def confirm_recheck(act: Act, by: Person, name: str) -> None:
    """He looked, and it is right. Refuses with NOT_FOUND, NOT_PERMITTED, STATUS_FORBIDS (nothing is owed)."""
    domain = await find_held(act, by, name)
    if not await clocks.finish_recheck(act.conn, domain.roid, act.now, by.actor):
        raise Refusal(Reason.STATUS_FORBIDS, "现在没有待办的年度核对", "nothing is owed now", where="recheck")
    await act.remember("name.rechecked", domain.roid, {"name": domain.name})


def _link(name: str) -> str:
    return f"/portal/names/{name}"
