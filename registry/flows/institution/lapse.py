"""逾期关闭: what was sent back and did not come again in time is closed; it may be filed anew."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.institution.draft import snapshot_of
from registry.flows.institution.terms import day_of
from registry.flows.institution.told import tell_institution
from registry.kernel.errors import Text
from registry.model.institution import ActMove, ActStage, next_act_stage
from registry.store import institutions
from registry.store.institutions import ActStep


@dataclass(frozen=True, slots=True)
class LapseAct:
    """Which one."""

    act_id: str


async def lapse_act(act: Act, order: LapseAct) -> bool:
    """Close it when its term is over; False when it is not, or when the answer came first."""
    found = await institutions.lock(act.conn, order.act_id)
    if found is None or found.due_on is None or day_of(act.now) <= found.due_on:
        return False
    stage = next_act_stage(found.kind_now, found.level, found.stage_now, ActMove.LAPSE)
    if stage is not ActStage.LAPSED:
        return False
    reason = f"{found.due_on} 前没有补正"
    await institutions.settle(act.conn, found.id, stage, act.now, act.caller.actor, reason, {})
    step = ActStep(act.now, act.caller.actor, "job", ActMove.LAPSE.value, found.stage, stage.value, reason)
    await institutions.add_step(act.conn, found.id, step)
    await act.remember("institution.lapsed", found.id, {**snapshot_of(found), "stage": stage.value})
    said = Text(
        f"{reason}，事项已关闭；需要办理的请重新提交。",
        f"It was not corrected by {found.due_on} and is closed; please file it anew.",
    )
    await tell_institution(act, found, stage.value, said, "action")
    return True
