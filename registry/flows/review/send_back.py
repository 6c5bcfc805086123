"""补正: a reviewer sends an application back for what is missing, and the applicant answers. Its clock stands still in between."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.review.decide import check_reviewer, check_seen, settled
from registry.flows.review.reach import find_within
from registry.flows.review.told import tell_returned, tell_reviewers
from registry.flows.review.working_days import working_days_since
from registry.flows.said import said_text
from registry.kernel.errors import Reason, Refusal, Text
from registry.kernel.names import MAX_NAME_OCTETS
from registry.model.application import CORRECTIONS, MAX_REASON, Move, Stage, next_stage
from registry.model.person import Person, Role
from registry.store import applications
from registry.store.applications import Message, Step


@dataclass(frozen=True, slots=True)
class SendBack:
    """``asked`` are keys of ``CORRECTIONS``; ``reason`` says what exactly. ``seen`` is the stage that the reviewer saw."""

    application_id: str
    asked: tuple[str, ...]
    reason: str
    seen: Stage | None = None


@dataclass(frozen=True, slots=True)
class AnswerCorrection:
    """What the applicant says; ``traditional`` replaces the traditional spelling when that was asked for."""

    application_id: str
    text: str
    traditional: str = ""


async def send_back(act: Act, by: Person, order: SendBack) -> None:
    """Return it to the applicant, void the opinions given so far, and stop the clock.

    Refuses with NOT_FOUND, NOT_PERMITTED (no reviewer, a conflict of interest), STATUS_FORBIDS (settled, moved on, returned
    already), PARAMETER_MISSING (nothing asked, no reason), TOO_LARGE.
    """
    application, level = await find_within(act, by, order.application_id, lock=True)
    stage = Stage(application.stage)
    await check_reviewer(act, by, application)
    check_seen(stage, order.seen)
    if next_stage(stage, Move.RETURN, level) is None:
        raise settled(stage)
    asked = tuple(sorted(set(order.asked) & set(CORRECTIONS)))
    reason = said_text(order.reason, "请写明要补正什么", "please say what is to be corrected")
    if not asked:
        raise Refusal(
            Reason.PARAMETER_MISSING, "请选择要补正的事项", "please choose what is to be corrected", where="asked"
        )
    await applications.send_back(act.conn, application.id, by.actor, act.now, asked)
    step = Step(act.now, by.actor, by.role.value, Move.RETURN.value, stage.value, Stage.RETURNED.value, reason)
    await applications.add_step(act.conn, application.id, step)
    snapshot = {"name": application.name, "asked": list(asked), "reason": reason}
    await act.remember("application.returned", application.id, snapshot)
    await tell_returned(act, application, asked, reason)


async def answer_correction(act: Act, by: Person, order: AnswerCorrection) -> None:
    """Put it back before the reviewer who asked, that much younger; the answer joins the thread.

    Refuses with NOT_FOUND, NOT_PERMITTED (not the agency), STATUS_FORBIDS (nothing was asked), PARAMETER_MISSING, TOO_LARGE.
    """
    application, level = await find_within(act, by, order.application_id, lock=True)
    stage = Stage(application.stage)
    if by.role is not Role.AGENCY:
        raise Refusal(
            Reason.NOT_PERMITTED, "只有申请单位可以补正", "only the agency that applied corrects", where="person"
        )
    if next_stage(stage, Move.ANSWER, level) is None or application.returned_at is None:
        raise Refusal(
            Reason.STATUS_FORBIDS, "这件申请不在待补正状态", "nothing is to be corrected here", where="application", value=stage.value
        )  # fmt: skip
    text = said_text(order.text, "请填写补正说明", "please say what you corrected")
    traditional = order.traditional.strip()[:MAX_NAME_OCTETS] if "traditional" in application.asked else ""
    paused = working_days_since(application.returned_at, act.now)
    await applications.take_back(act.conn, application.id, paused, traditional)
    await applications.say(act.conn, application.id, Message(act.now, by.actor, by.role.value, text))
    step = Step(
        act.now, by.actor, by.role.value, Move.ANSWER.value, stage.value, Stage.SUBMITTED.value, text[:MAX_REASON]
    )
    await applications.add_step(act.conn, application.id, step)
    await act.remember("application.answered", application.id, {"name": application.name, "text": text})
    said = Text(f"申请单位已补正：{text}", f"The applicant corrected it: {text}")
    await tell_reviewers(act, application, level, "answered", said)
