"""受理: what was filed is whole, and the term to decide begins. 不予受理 and 补正 are the other answers."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.institution.draft import snapshot_of
from registry.flows.institution.reach import find_act_within
from registry.flows.institution.steps import check_officer, move_act
from registry.flows.institution.terms import term_of
from registry.flows.institution.told import tell_institution
from registry.kernel.errors import Text
from registry.model.institution import ActMove, ActStage
from registry.model.person import Person
from registry.store.institutions import Moved


@dataclass(frozen=True, slots=True)
class AcceptAct:
    """``seen`` is the stage that the reviewer had before his eyes; empty when he does not say."""

    act_id: str
    seen: str = ""


async def accept_act(act: Act, by: Person, order: AcceptAct) -> None:
    """Begin the term of thirty working days. Refuses with NOT_FOUND, NOT_PERMITTED (no reviewer, an interest), STATUS_FORBIDS."""
    found = await find_act_within(act, by, order.act_id, lock=True)
    check_officer(by, found, order.seen)
    to = Moved(ActStage.ACCEPTED, due_on=term_of(ActStage.ACCEPTED, act.now), accepted_at=act.now)
    await move_act(act, by, found, ActMove.ACCEPT, to)
    await act.remember("institution.accepted", found.id, {**snapshot_of(found), "stage": to.stage.value})
    said = Text(
        f"材料齐全，已经受理，{to.due_on} 前作出决定。",
        f"It is whole and was accepted; the decision is due by {to.due_on}.",
    )
    await tell_institution(act, found, to.stage.value, said)
