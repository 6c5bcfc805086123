"""An agency takes its application back while nobody has decided."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.review.decide import settled
from registry.flows.review.reach import find_within
from registry.kernel.errors import Reason, Refusal
from registry.model.application import Move, Stage, next_stage
from registry.model.person import Person, Role
from registry.store import applications
from registry.store.applications import Application, Step


@dataclass(frozen=True, slots=True)
class WithdrawApplication:
    """Which one."""

    application_id: str


async def withdraw_application(act: Act, by: Person, order: WithdrawApplication) -> None:
    """Close it; the name is free for others again and the registrar is told.

    Of a withdrawal and a decision at the same time the first wins. Refuses with NOT_FOUND (not of his body), NOT_PERMITTED (not
    an agency), STATUS_FORBIDS (settled).
    """
    if by.role is not Role.AGENCY:
        zh, en = "只有申请单位可以撤回申请", "only the agency that applied withdraws"
        raise Refusal(Reason.NOT_PERMITTED, zh, en, where="person", value=by.username)
    application, level = await find_within(act, by, order.application_id, lock=True)
    stage = Stage(application.stage)
    if next_stage(stage, Move.WITHDRAW, level) is None:
        raise settled(stage)
    await applications.close(act.conn, application.id, "withdrawn", {}, by.actor, act.now)
    step = Step(act.now, by.actor, by.role.value, Move.WITHDRAW.value, stage.value, Stage.WITHDRAWN.value, "")
    await applications.add_step(act.conn, application.id, step)
    snapshot = {"name": application.name, "kind": application.kind}
    await act.remember("application.withdrawn", application.id, snapshot, detail={"name": application.name})
    await _tell(act, application)


async def _tell(act: Act, application: Application) -> None:
    """The registrar hears of it as of a refusal (RFC 5730 section 2.9.2.3 knows two outcomes)."""
    if application.registrar_id is None:
        return
    zh = f"{application.name} 的申请 {application.id} 已由申请单位撤回"
    en = f"application {application.id} for {application.name} was withdrawn by the body"
    if application.kind != "domain":
        await act.tell(application.registrar_id, zh, en)
        return
    payload = {
        "name": application.name,
        "is_approved": False,
        "trid": application.request["trid"],
        "client_trid": application.request["client_trid"],
        "at": act.now.isoformat(),
    }
    await act.tell(application.registrar_id, zh, en, kind="domain.pan", payload=payload)
