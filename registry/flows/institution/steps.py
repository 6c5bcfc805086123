"""What every move of an act does alike: the table is asked, the row is changed, the step is noted."""

from collections.abc import Mapping
from typing import Any

from registry.flows.act import Act
from registry.kernel.errors import Reason, Refusal
from registry.model.institution import MAX_REASON, STAGE_WORDS, ActMove, ActStage, next_act_stage
from registry.model.person import REVIEWERS, Person
from registry.store import institutions
from registry.store.institutions import ActStep, InstitutionAct, Moved


async def move_act(act: Act, by: Person, found: InstitutionAct, move: ActMove, to: Moved, reason: str = "") -> None:
    """To another stage that is not final. Refuses with STATUS_FORBIDS what the table does not have."""
    check_move(found, move, to.stage)
    await institutions.move(act.conn, found.id, to)
    await institutions.add_step(act.conn, found.id, step_of(act, by, found, move, to.stage, reason))


async def settle_act(
    act: Act, by: Person, found: InstitutionAct, move: ActMove, stage: ActStage, reason: str, outcome: Mapping[str, Any]
) -> None:
    """To a final stage. Refuses with STATUS_FORBIDS what the table does not have."""
    check_move(found, move, stage)
    await institutions.settle(act.conn, found.id, stage, act.now, by.actor, reason, outcome)
    await institutions.add_step(act.conn, found.id, step_of(act, by, found, move, stage, reason))


def check_move(found: InstitutionAct, move: ActMove, stage: ActStage) -> None:
    """Refuse (STATUS_FORBIDS) a move that leads elsewhere."""
    if next_act_stage(found.kind_now, found.level, found.stage_now, move) is not stage:
        words = STAGE_WORDS[found.stage_now]
        zh, en = f"这件事项{words.zh}，不能这样办理", f"not possible: {words.en}"
        raise Refusal(Reason.STATUS_FORBIDS, zh, en, where="act", value=found.stage)


def step_of(act: Act, by: Person, found: InstitutionAct, move: ActMove, stage: ActStage, reason: str) -> ActStep:
    """The step, as it is noted."""
    return ActStep(act.now, by.actor, by.role.value, move.value, found.stage, stage.value, reason[:MAX_REASON])


def check_officer(by: Person, found: InstitutionAct, seen: str) -> None:
    """Refuse with NOT_PERMITTED who is no reviewer or has an interest in it, with STATUS_FORBIDS what moved on since he looked."""
    if by.role not in REVIEWERS:
        raise Refusal(
            Reason.NOT_PERMITTED, "只有登记管理机关的审核员可以办理", "only reviewers do this", where="person"
        )
    if by.uscc and by.uscc in {found.uscc, found.fields.get("sponsor_uscc", "")}:
        zh, en = (
            "事项涉及审核员所在单位，须回避，请由他人办理",
            "the act concerns the reviewer's own body; another must act",
        )
        raise Refusal(Reason.NOT_PERMITTED, zh, en, where="person", value=by.username)
    if seen and seen != found.stage:
        zh, en = (
            "在您查看之后，这件事项已由他人办理，请重新查看",
            "somebody took a step after you looked; please look again",
        )
        raise Refusal(Reason.STATUS_FORBIDS, zh, en, where="act", value=found.stage)
