"""复核: who was refused, or not accepted, may ask once for another look, by people who stand above those who decided."""

from dataclasses import dataclass, replace
from datetime import timedelta

from registry.flows.act import Act
from registry.flows.domain.apply import APPLICATION_BITS
from registry.flows.review.decide import settled
from registry.flows.review.reach import find_within
from registry.flows.review.told import tell_reviewers
from registry.flows.said import said_text
from registry.kernel.errors import Reason, Refusal, Text
from registry.kernel.ids import new_public_id
from registry.model.application import AGAINST, APPEAL_DAYS, MAX_NOTE, Stage
from registry.model.jurisdiction import ABOVE
from registry.model.person import Person, Role
from registry.store import applications
from registry.store.applications import Application, Step


@dataclass(frozen=True, slots=True)
class AppealApplication:
    """``reason`` is what the body has to say against the decision."""

    application_id: str
    reason: str


async def appeal_application(act: Act, by: Person, order: AppealApplication) -> str:
    """File the appeal as an application that points at the first; returns its id. The name is kept for it from now on.

    Refuses with NOT_FOUND, NOT_PERMITTED (not the agency; an appeal itself; sixty days are over), STATUS_FORBIDS (nothing to appeal
    against), ALREADY_EXISTS (appealed before), PARAMETER_MISSING and TOO_LARGE (reason).
    """
    first, level = await find_within(act, by, order.application_id, lock=True)
    _check(act, by, first)
    if before := await applications.appeal_against(act.conn, first.id):
        raise Refusal(
            Reason.ALREADY_EXISTS,
            f"已申请过复核：{before}",
            f"it was appealed before: {before}",
            where="application",
            value=before,
        )
    reason = said_text(order.reason, "请写明复核理由", "please say why the decision is wrong")
    appeal = replace(
        first,
        id=new_public_id(APPLICATION_BITS),
        created_at=act.now,
        request={**first.request, "trid": act.trid},
        note=reason[:MAX_NOTE],
    )
    await applications.add(act.conn, appeal)
    await applications.mark_applied(act.conn, appeal.id, by.actor, reason[:MAX_NOTE])
    await applications.mark_appeal(act.conn, appeal.id, first.id)
    step = Step(act.now, by.actor, by.role.value, "appeal", Stage.SUBMITTED.value, Stage.SUBMITTED.value, reason)
    await applications.add_step(act.conn, appeal.id, step)
    await act.remember("application.appealed", appeal.id, {"against": first.id, "name": first.name, "reason": reason})
    said = Text(
        f"对申请 {first.id} 的决定申请复核：{reason}", f"An appeal against the decision on {first.id}: {reason}"
    )
    await tell_reviewers(act, appeal, ABOVE[level], "appealed", said)
    return appeal.id


def _check(act: Act, by: Person, first: Application) -> None:
    stage = Stage(first.stage)
    if by.role is not Role.AGENCY or first.appeal_of is not None:
        raise Refusal(
            Reason.NOT_PERMITTED, "只有申请单位可以申请复核，且只能申请一次", "only the body appeals, and only once", where="application"
        )  # fmt: skip
    if stage not in AGAINST or first.decided_at is None:
        raise settled(stage)
    if act.now > first.decided_at + timedelta(days=APPEAL_DAYS):
        raise Refusal(
            Reason.NOT_PERMITTED, f"决定作出已超过 {APPEAL_DAYS} 日", f"the decision is over {APPEAL_DAYS} days old", where="application"
        )  # fmt: skip
