"""What reviewers may decide about one name of a body that changed, and whether they may decide it for this one.

``keep``
    the body goes on under another name, or is only suspended: the name stays its own; with a last day it is kept as a former name until then.
``follow``
    a living successor holds it from now on. When the naming policy would not give the successor this name, it is kept as a former name
    only, and a last day must be set.
``hold``
    the body is suspended: the name stops resolving until the body is back, which lifts it.
``retire``
    it goes out of use on its last day, into redemption, and is never given to anybody else.

Nothing but ``keep`` and ``follow`` takes effect at once: a name that stops resolving is told first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from registry.flows.act import Act
from registry.flows.domain.holder import Holder, decide_own
from registry.kernel.clock import BEIJING
from registry.kernel.errors import Reason, Refusal
from registry.model.body import Body
from registry.store import domains
from registry.store.body_tasks import Task


class ChoiceKind(StrEnum):
    """See the module."""

    KEEP = "keep"
    FOLLOW = "follow"
    HOLD = "hold"
    RETIRE = "retire"


HOLD_NOTICE = timedelta(days=10)  # a suspended body may appeal; its site goes dark only after it was told
END_NOTICE = timedelta(days=30)  # of a body that is gone (domain rules, 10.3: a holder's change is due within 30 days)
FORMER_NOTICE = timedelta(
    days=90
)  # of a living body: three months on the site before an old name goes (10.3, last line)
FORMER_AT_MOST = timedelta(days=5 * 366)  # a former name that is needed longer is applied for as a name


@dataclass(frozen=True, slots=True)
class Choice:
    """``holder`` is the successor's code for ``follow``; ``until`` the last day of the name, where it has one (Beijing's date)."""

    kind: ChoiceKind
    holder: str = ""
    until: date | None = None

    def as_json(self) -> dict[str, str]:
        """As proposals and decisions keep it."""
        return {"kind": self.kind.value, "holder": self.holder, "until": self.until.isoformat() if self.until else ""}


def choice_from(kept: Mapping[str, str]) -> Choice:
    """The other way round."""
    return Choice(
        ChoiceKind(kept["kind"]), kept["holder"], date.fromisoformat(kept["until"]) if kept["until"] else None
    )


def read_choice(kind: str, holder: str = "", until: str = "", *, where: str = "choice") -> Choice:
    """A choice as people give it. Refuses with VALUE_INVALID another word, a day that is none."""
    try:
        found, day = ChoiceKind(kind.strip()), date.fromisoformat(until.strip()) if until.strip() else None
    except ValueError:
        zh, en = (
            "请选择保留、承继、暂停或停用；日期写作 2026-12-31",
            "choose keep, follow, hold or retire; write a day as 2026-12-31",
        )
        raise Refusal(Reason.VALUE_INVALID, zh, en, where=where, value=f"{kind} {until}"[:64]) from None
    return Choice(found, holder.strip().upper() if found is ChoiceKind.FOLLOW else "", day)


def due_at(choice: Choice, is_alive: bool, now: datetime) -> datetime | None:
    """When the name stops resolving, None when it does not: after its last day, or after the notice that it must be given."""
    if choice.until is not None:
        return datetime.combine(choice.until + timedelta(days=1), time(), BEIJING)
    if choice.kind is ChoiceKind.RETIRE:
        return now + (FORMER_NOTICE if is_alive else END_NOTICE)
    return now + HOLD_NOTICE if choice.kind is ChoiceKind.HOLD else None


async def check_choices(
    act: Act, task: Task, body: Body | None, heirs: Sequence[Body], given: Mapping[str, Choice]
) -> dict[str, Choice]:
    """The choices, one for each name of the task.

    Refuses with PARAMETER_MISSING (a name without one), VALUE_INVALID (a successor that is none or has ended), STATUS_FORBIDS (what the
    state of the body does not allow), VALUE_OUT_OF_RANGE (the last day), NAME_REFUSED (the policy, when no last day is set).
    """
    for name in task.names:
        if name["name"] not in given:
            raise Refusal(
                Reason.PARAMETER_MISSING, f"请为 {name['unicode']} 作出选择", f"choose for {name['name']}", where=name["name"]
            )  # fmt: skip
        await _check(act, task, body, heirs, name, given[name["name"]])
    return {name["name"]: given[name["name"]] for name in task.names}


async def _check(
    act: Act, task: Task, body: Body | None, heirs: Sequence[Body], name: Mapping[str, Any], choice: Choice
) -> None:
    is_alive, is_suspended = body is not None and body.alive, body is not None and body.status == "suspended"
    if choice.kind is ChoiceKind.KEEP and not (is_alive or is_suspended):
        zh, en = "机构已不存续，名称不能保留，请选择承继或停用", "the body has ended: let the name follow or retire"
        raise Refusal(Reason.STATUS_FORBIDS, zh, en, where=name["name"], value=choice.kind)
    if choice.kind is ChoiceKind.HOLD and not is_suspended:
        zh, en = "只有被暂停的机构，其名称可以暂停解析", "only names of a suspended body are put on hold"
        raise Refusal(Reason.STATUS_FORBIDS, zh, en, where=name["name"], value=choice.kind)
    _check_last_day(act, choice, is_alive or choice.kind is ChoiceKind.FOLLOW, name)
    if choice.kind is ChoiceKind.FOLLOW:
        await _check_heir(act, task, heirs, name, choice)


def _check_last_day(act: Act, choice: Choice, is_alive: bool, name: Mapping[str, Any]) -> None:
    if choice.until is None:
        return
    today = act.now.astimezone(BEIJING).date()
    notice = FORMER_NOTICE if is_alive else END_NOTICE
    if choice.kind is ChoiceKind.HOLD or not today + notice <= choice.until <= today + FORMER_AT_MOST:
        raise Refusal(
            Reason.VALUE_OUT_OF_RANGE,
            f"{name['unicode']} 的最后使用日应在 {today + notice} 至 {today + FORMER_AT_MOST} 之间；暂停解析不设日期",
            f"the last day of {name['name']} lies between {today + notice} and {today + FORMER_AT_MOST}; a hold has none",
            where=name["name"],
            value=choice.until.isoformat(),
        )


async def _check_heir(act: Act, task: Task, heirs: Sequence[Body], name: Mapping[str, Any], choice: Choice) -> None:
    heir = next((one for one in heirs if one.uscc == choice.holder), None)
    if heir is None or not heir.alive:
        zh, en = (
            "名称只能由名录库所载、仍然存续的承继机构承继",
            "a name follows only a living successor that is on file",
        )
        raise Refusal(Reason.VALUE_INVALID, zh, en, where=name["name"], value=choice.holder)
    found = await domains.find(act.conn, name["name"])
    if found is None or found[0].uscc != task.uscc or choice.until is not None:
        return
    await decide_own(act, found[0].name, found[0].index_label, Holder(heir.uscc, heir.name))
