"""A reviewer approves or refuses: the first of two gives an opinion, the second decides, and approval creates what was applied for."""

from dataclasses import dataclass
from functools import partial

from registry.flows.act import Act
from registry.flows.domain.settle_application import SettleDomainApplication, settle_domain_application
from registry.flows.responsible.standing import check_answered
from registry.flows.review.reach import find_within
from registry.flows.review.told import tell_outcome
from registry.flows.verification.settle import SettleVerification, settle_verification
from registry.kernel.errors import Reason, Refusal
from registry.kernel.names import MAX_NAME_OCTETS as MAX_TRADITIONAL
from registry.model.application import MAX_REASON, Move, Stage, next_stage
from registry.model.jurisdiction import TOP, rank
from registry.model.person import REVIEWERS, Person
from registry.store import application_lists, applications, responsible
from registry.store.application_lists import Line
from registry.store.applications import Application, Step


@dataclass(frozen=True, slots=True)
class DecideApplication:
    """``move`` is approve or refuse. ``seen`` is the stage that the reviewer had before his eyes, None when he does not say.

    ``traditional`` changes the traditional spelling at the approval; empty leaves what was applied for.
    """

    application_id: str
    move: Move
    reason: str = ""
    seen: Stage | None = None
    traditional: str = ""


async def decide_application(act: Act, by: Person, order: DecideApplication) -> Stage:
    """Take the step and return where the application stands now.

    The name is judged once more at approval and created by the same flow as a registrar's, in the same transaction: when that
    refuses (NAME_REFUSED, ALREADY_EXISTS …), nothing was decided. Refuses too with NOT_FOUND (not his), NOT_PERMITTED (no
    reviewer, a conflict of interest, his own opinion, a lower level than the first), STATUS_FORBIDS (settled, or moved
    on since he looked), PARAMETER_MISSING and TOO_LARGE (reason).
    """
    if by.role not in REVIEWERS:
        raise _not_permitted("只有审核员可以审核", "only reviewers decide", by.role.value)
    if order.move not in {Move.APPROVE, Move.REFUSE}:
        raise _not_permitted("审核只能同意或驳回", "a decision approves or refuses", order.move.value)
    application, level = await find_within(act, by, order.application_id, lock=True)
    stage = Stage(application.stage)
    check_seen(stage, order.seen)
    rivals = await check_reviewer(act, by, application)
    if order.move is Move.APPROVE:
        check_answered(await responsible.find(act.conn, application.id))
    await _check_second(act, by, application)
    _check_dispute(order, rivals)
    reason = _reason(order, stage)
    after = next_stage(stage, order.move, level)
    if after is None:
        raise settled(stage)
    if after.is_waiting:
        await _give_opinion(act, application, after, reason)
    else:
        act.after_refusal(partial(_note_failure, by, application, stage))
        await _settle(act, application, order, reason)
        await tell_outcome(act, application, after, reason)
    step = Step(act.now, by.actor, by.role.value, order.move.value, stage.value, after.value, reason)
    await applications.add_step(act.conn, application.id, step)
    return after


async def _give_opinion(act: Act, application: Application, after: Stage, reason: str) -> None:
    await applications.propose(act.conn, application.id, after.value, act.caller.actor)
    snapshot = {"name": application.name, "kind": application.kind, "reason": reason}
    await act.remember(f"application.{after.value}", application.id, snapshot)


async def _settle(act: Act, application: Application, order: DecideApplication, reason: str) -> None:
    is_approved = order.move is Move.APPROVE
    if application.kind == "domain":
        settlement = SettleDomainApplication(application.id, is_approved, reason, order.traditional[:MAX_TRADITIONAL])
        await settle_domain_application(act, settlement)
    else:
        await settle_verification(act, SettleVerification(application.id, is_approved=is_approved, reason=reason))


async def _note_failure(by: Person, application: Application, stage: Stage, act: Act) -> None:
    """开通失败: it was decided, and the name could not be created; the case says so and waits."""
    zh = "决定未能执行，申请仍待审核"
    step = Step(act.now, by.actor, by.role.value, "fail", stage.value, stage.value, zh)
    await applications.add_step(act.conn, application.id, step)


async def check_reviewer(act: Act, by: Person, application: Application) -> list[Line]:
    """The rivals for the name. Refuses with NOT_PERMITTED who is no reviewer, has an interest in it, or stands too low for an appeal."""
    if by.role not in REVIEWERS:
        raise _not_permitted("只有审核员可以审核", "only reviewers decide", by.role.value)
    rivals = await application_lists.rivals(act.conn, application.id, application.index_label, application.tld)
    _check_interest(by, application, rivals)
    if application.appeal_of:
        await _check_appeal(act, by, application.appeal_of)
    return rivals


async def _check_appeal(act: Act, by: Person, first_id: str) -> None:
    steps = [one for one in await applications.steps(act.conn, first_id) if rank(one.role)]
    highest = max((rank(one.role) for one in steps), default=0)
    is_above = rank(by.role) > highest or rank(by.role) == TOP
    if by.actor in {one.actor for one in steps} or not is_above:
        raise _not_permitted(
            "复核须由未参与原决定的上一级审核员办理",
            "an appeal is decided above those who decided first, and by none of them",
            by.username,
        )


def check_seen(stage: Stage, seen: Stage | None) -> None:
    """Refuse (STATUS_FORBIDS) a step on what no reviewer is awaited for, or that moved on since he looked."""
    if not stage.is_waiting:
        raise settled(stage)
    if seen is not None and seen is not stage:
        raise Refusal(
            Reason.STATUS_FORBIDS,
            "在您查看之后，这件申请已由他人处理，请重新查看后再决定",
            "somebody took a step with this application after you looked; please look again",
            where="application",
            value=stage.value,
        )


def _check_interest(by: Person, application: Application, rivals: list[Line]) -> None:
    """Nobody decides what he applied for, what his own body wants, or what his own body wants too."""
    own = application.applied_by == by.actor or (by.uscc and by.uscc == application.uscc)
    if own or (by.uscc and by.uscc in {rival.uscc for rival in rivals}):
        raise _not_permitted(
            "申请涉及审核员本人或其所在单位，须回避，请由他人审核",
            "the application concerns the reviewer or his body; another reviewer must decide",
            by.username,
        )


async def _check_second(act: Act, by: Person, application: Application) -> None:
    if not application.proposed_by:
        return
    if application.proposed_by == by.actor:
        raise _not_permitted(
            "初审人不能复核自己的意见，请由另一人复核",
            "nobody decides on his own opinion; another reviewer must",
            by.username,
        )
    steps = await applications.steps(act.conn, application.id)
    if steps and rank(by.role) < rank(steps[-1].role):
        raise _not_permitted(
            "复核人的层级不能低于初审人", "the second reviewer's level is not below the first's", by.username
        )


def _check_dispute(order: DecideApplication, rivals: list[Line]) -> None:
    """A name that several bodies want is given on the page where all of them stand; a refusal needs nobody else."""
    if rivals and order.move is Move.APPROVE:
        zh, en = (
            "另有单位申请同一名称，请在争议页面一并审定",
            "another body wants the same name; decide on all of them together",
        )
        raise Refusal(Reason.STATUS_FORBIDS, zh, en, where="rivals", value=rivals[0].id)


def _reason(order: DecideApplication, stage: Stage) -> str:
    reason = order.reason.strip()
    if len(reason) > MAX_REASON:
        raise Refusal(Reason.TOO_LARGE, f"理由最多 {MAX_REASON} 字", f"at most {MAX_REASON} characters", where="reason")
    if reason:
        return reason
    if order.move is Move.REFUSE:
        zh, en = "驳回须写明理由", "a refusal needs its reason"
    elif stage is Stage.OBJECTED:
        zh, en = "与初审意见不同，须写明理由", "to disagree with the first opinion needs a reason"
    else:
        return ""
    raise Refusal(Reason.PARAMETER_MISSING, zh, en, where="reason")


def settled(stage: Stage) -> Refusal:
    """The refusal for an application that waits for no reviewer."""
    if stage is Stage.RETURNED:
        zh, en = "这个申请正待申请单位补正", "the applicant is to correct this application first"
        return Refusal(Reason.STATUS_FORBIDS, zh, en, where="application", value=stage.value)
    zh, en = "这个申请已经办结", "this application was settled before"
    return Refusal(Reason.STATUS_FORBIDS, zh, en, where="application", value=stage.value)


def _not_permitted(zh: str, en: str, value: str) -> Refusal:
    return Refusal(Reason.NOT_PERMITTED, zh, en, where="reviewer", value=value)
