"""受理: a reviewer takes an application onto his desk, gives it back, or hands it to a colleague of the same reach."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.review.absence import stand_in_of
from registry.flows.review.decide import check_reviewer, settled
from registry.flows.review.reach import find_within
from registry.kernel.errors import Reason, Refusal, Text
from registry.model.application import Stage
from registry.model.jurisdiction import jurisdiction_of
from registry.model.notice import Notice, Recipient
from registry.model.person import Person
from registry.store import applications, people
from registry.store.applications import Application, Step


@dataclass(frozen=True, slots=True)
class ClaimApplication:
    """``to`` is the colleague who gets it; empty for oneself, ``-`` for nobody."""

    application_id: str
    to: str = ""


async def claim_application(act: Act, by: Person, order: ClaimApplication) -> None:
    """Note whose desk it is on. It decides nothing: whoever may decide still may, so that nobody's absence stops a case.

    Refuses with NOT_FOUND (application; colleague), NOT_PERMITTED (a conflict of interest; the colleague has not the reach),
    STATUS_FORBIDS (settled).
    """
    application, level = await find_within(act, by, order.application_id, lock=True)
    await check_reviewer(act, by, application)
    stage = Stage(application.stage)
    if not stage.is_open:
        raise settled(stage)
    receiver = await _receiver(act, by, application, level, order.to)
    await applications.claim(act.conn, application.id, receiver.actor if receiver else "")
    move = "claim" if receiver else "release"
    reason = f"→ {receiver.name or receiver.username}" if receiver and receiver != by else ""
    await applications.add_step(
        act.conn, application.id, Step(act.now, by.actor, by.role.value, move, stage.value, stage.value, reason)
    )
    snapshot = {"to": receiver.username if receiver else ""}
    await act.remember(f"application.{move}ed" if move == "claim" else "application.released", application.id, snapshot)
    if receiver and receiver != by:
        await act.notify(_handed(by, receiver, application))


async def _receiver(act: Act, by: Person, application: Application, level: str, to: str) -> Person | None:
    if to in {"", by.username}:
        return by
    if to == "-":
        return None
    account = await people.find(act.conn, to)
    if account is None or account.disabled_at is not None:
        raise Refusal(Reason.NOT_FOUND, "没有这个审核员", "there is no such reviewer", where="to", value=to)
    own = jurisdiction_of(account.person)
    if own is None or not own.covers(application.region, level):
        raise Refusal(
            Reason.NOT_PERMITTED, "这名审核员不管辖申请单位", "this reviewer's reach does not hold the body", where="to", value=to
        )  # fmt: skip
    return await stand_in_of(act, account.person) or account.person


def _handed(by: Person, receiver: Person, application: Application) -> Notice:
    giver = by.name or by.username
    return Notice(
        Recipient("person", receiver.username),
        "application.claimed",
        Text("一件申请转交给您", "An application was handed to you"),
        Text(f"{giver} 将申请 {application.id} 转交给您办理。", f"{giver} handed application {application.id} to you."),
        f"/portal/applications/{application.id}",
        "action",
    )
