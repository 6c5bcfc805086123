"""撤回: who filed an act takes it back while nobody decided."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.institution.draft import not_permitted, snapshot_of
from registry.flows.institution.reach import find_act_within, may_edit
from registry.flows.institution.steps import settle_act
from registry.model.institution import ActMove, ActStage
from registry.model.person import Person


@dataclass(frozen=True, slots=True)
class WithdrawAct:
    """Which one."""

    act_id: str


async def withdraw_act(act: Act, by: Person, order: WithdrawAct) -> None:
    """Close it. Refuses with NOT_FOUND, NOT_PERMITTED (not his), STATUS_FORBIDS (settled)."""
    found = await find_act_within(act, by, order.act_id, lock=True)
    if not may_edit(by, found):
        raise not_permitted("只有申请人可以撤回", "only who filed it withdraws it")
    await settle_act(act, by, found, ActMove.WITHDRAW, ActStage.WITHDRAWN, "", {})
    await act.remember("institution.withdrawn", found.id, snapshot_of(found))
