"""不予受理: what was filed is no matter for this authority."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.institution.draft import snapshot_of
from registry.flows.institution.reach import find_act_within
from registry.flows.institution.steps import check_officer, settle_act
from registry.flows.institution.told import tell_institution
from registry.flows.said import said_text
from registry.kernel.errors import Text
from registry.model.institution import ActMove, ActStage
from registry.model.person import Person


@dataclass(frozen=True, slots=True)
class DeclineAct:
    """``reason`` is told to who filed it."""

    act_id: str
    reason: str
    seen: str = ""


async def decline_act(act: Act, by: Person, order: DeclineAct) -> None:
    """Close it. Refuses with NOT_FOUND, NOT_PERMITTED, STATUS_FORBIDS, PARAMETER_MISSING, TOO_LARGE."""
    found = await find_act_within(act, by, order.act_id, lock=True)
    check_officer(by, found, order.seen)
    reason = said_text(order.reason, "请写明不予受理的原因", "please say why it is not accepted")
    await settle_act(act, by, found, ActMove.DECLINE, ActStage.DECLINED, reason, {})
    await act.remember("institution.declined", found.id, {**snapshot_of(found), "reason": reason})
    await tell_institution(act, found, ActStage.DECLINED.value, Text(f"理由：{reason}", f"Reason: {reason}"))
