"""补正: all that is missing is said at once, and the act waits for who filed it."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.institution.draft import snapshot_of
from registry.flows.institution.reach import find_act_within
from registry.flows.institution.steps import check_officer, move_act
from registry.flows.institution.terms import term_of
from registry.flows.institution.told import tell_institution
from registry.flows.said import said_text
from registry.kernel.errors import Text
from registry.model.institution import ActMove, ActStage
from registry.model.person import Person
from registry.store.institutions import Moved


@dataclass(frozen=True, slots=True)
class ReturnAct:
    """``reason`` says what is missing or wrong."""

    act_id: str
    reason: str
    seen: str = ""


async def return_act(act: Act, by: Person, order: ReturnAct) -> None:
    """Send it back before it is accepted. Refuses with NOT_FOUND, NOT_PERMITTED, STATUS_FORBIDS, PARAMETER_MISSING, TOO_LARGE."""
    found = await find_act_within(act, by, order.act_id, lock=True)
    check_officer(by, found, order.seen)
    reason = said_text(order.reason, "请写明要补正什么", "please say what is to be corrected")
    due = term_of(ActStage.RETURNED, act.now)
    await move_act(
        act, by, found, ActMove.RETURN, Moved(ActStage.RETURNED, due_on=due, returned_at=act.now, asked=reason), reason
    )
    await act.remember("institution.returned", found.id, {**snapshot_of(found), "asked": reason})
    said = Text(f"请在 {due} 前补正：{reason}", f"To be corrected by {due}: {reason}")
    await tell_institution(act, found, ActStage.RETURNED.value, said, "action")
