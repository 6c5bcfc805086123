"""审查、核准: the first of two gives an opinion, the second decides, and a registration is carried out in the same transaction."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.institution.draft import snapshot_of
from registry.flows.institution.reach import find_act_within
from registry.flows.institution.register import register_act
from registry.flows.institution.steps import check_move, check_officer, move_act, settle_act
from registry.flows.institution.told import tell_desk, tell_institution
from registry.flows.said import said_text
from registry.kernel.errors import Reason, Refusal, Text
from registry.model.institution import ActMove, ActStage, next_act_stage
from registry.model.jurisdiction import rank
from registry.model.person import Person
from registry.store import institutions
from registry.store.institutions import InstitutionAct, Moved


@dataclass(frozen=True, slots=True)
class DecideAct:
    """``move`` is approve or refuse; ``seen`` the stage that the reviewer had before his eyes."""

    act_id: str
    move: ActMove
    reason: str = ""
    seen: str = ""


async def decide_act(act: Act, by: Person, order: DecideAct) -> ActStage:
    """Take the step and return where the act stands now.

    A registration changes the body by the way of an import (history, names, tasks for what it holds), issues or ends the certificate
    and publishes the notice; when any of it is refused, nothing was decided.

    Refuses with NOT_FOUND, NOT_PERMITTED (no reviewer, an interest, his own filing or opinion, a lower level than the first), STATUS_FORBIDS,
    PARAMETER_MISSING and TOO_LARGE (reason), UNAVAILABLE (an import runs).
    """
    found = await find_act_within(act, by, order.act_id, lock=True)
    check_officer(by, found, order.seen)
    stage = next_act_stage(found.kind_now, found.level, found.stage_now, order.move)
    if stage is None or order.move not in {ActMove.APPROVE, ActMove.REFUSE}:
        check_move(found, order.move, ActStage.REGISTERED)
        raise AssertionError("the table knows no such move")
    await _check_second(act, by, found)
    reason = order.reason.strip()
    if order.move is ActMove.REFUSE or (found.stage_now is ActStage.OBJECTED and not reason):
        reason = said_text(order.reason, "请写明理由", "please give the reason")
    if stage.is_waiting:
        await _give_opinion(act, by, found, order.move, stage, reason)
    else:
        await _settle(act, by, found, order.move, stage, reason)
    return stage


async def _give_opinion(
    act: Act, by: Person, found: InstitutionAct, move: ActMove, stage: ActStage, reason: str
) -> None:
    await move_act(act, by, found, move, Moved(stage, due_on=found.due_on, proposed_by=by.actor), reason)
    await act.remember(f"institution.{stage.value}", found.id, {**snapshot_of(found), "reason": reason})
    said = Text(f"须由另一人核准，{found.due_on} 前作出决定。", f"Another reviewer must decide by {found.due_on}.")
    await tell_desk(act, found, stage.value, said)


async def _settle(act: Act, by: Person, found: InstitutionAct, move: ActMove, stage: ActStage, reason: str) -> None:
    outcome = await register_act(act, found) if stage is ActStage.REGISTERED else {}
    await settle_act(act, by, found, move, stage, reason, outcome)
    await act.remember(
        f"institution.{stage.value}", found.id, {**snapshot_of(found), "reason": reason, "outcome": outcome}
    )
    because = (f"理由：{reason}", f" Reason: {reason}") if reason else ("", "")
    notice = outcome.get("notice")
    published = (
        (f"公告见 /announcements/{notice}。", f" The notice is at /announcements/{notice}.") if notice else ("", "")
    )
    said = Text(f"已作出决定。{published[0]}{because[0]}", f"It was decided.{published[1]}{because[1]}")
    await tell_institution(act, found, stage.value, said, "news" if stage is ActStage.REGISTERED else "action")


async def _check_second(act: Act, by: Person, found: InstitutionAct) -> None:
    if found.created_by == by.actor:
        zh, en = "代为填报的人不能审查，请由他人办理", "who drew it up does not decide; another reviewer must"
        raise Refusal(Reason.NOT_PERMITTED, zh, en, where="person", value=by.username)
    if not found.proposed_by or not found.stage_now.is_waiting:
        return
    if found.proposed_by == by.actor:
        zh, en = "审查人不能核准自己的意见，请由另一人核准", "nobody decides on his own opinion; another reviewer must"
        raise Refusal(Reason.NOT_PERMITTED, zh, en, where="person", value=by.username)
    first = next(
        (one for one in reversed(await institutions.steps(act.conn, found.id)) if one.actor == found.proposed_by), None
    )
    if first is not None and rank(by.role) < rank(first.role):
        zh, en = "核准人的层级不能低于审查人", "the second reviewer's level is not below the first's"
        raise Refusal(Reason.NOT_PERMITTED, zh, en, where="person", value=by.username)
