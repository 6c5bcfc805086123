"""What a reviewer decides about a verification that had to wait."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.verification.issue import Issued, issue_code
from registry.kernel.errors import Reason, Refusal
from registry.store import applications
from registry.store.applications import Application, State


@dataclass(frozen=True, slots=True)
class SettleVerification:
    """``reason`` is told to the registrar and kept; who may decide what was settled by the caller of this flow."""

    application_id: str
    is_approved: bool
    reason: str = ""


async def settle_verification(act: Act, order: SettleVerification) -> Issued | None:
    """Approve, which issues the code and tells the registrar, or refuse, which tells it why (then None).

    Refuses with NOT_FOUND (no such application of a verification) and STATUS_FORBIDS (it waits no more).
    """
    application = await applications.lock(act.conn, order.application_id)
    if application is None or application.kind != "verification" or application.registrar_id is None:
        zh, en = "没有这个核验申请", "there is no such application"
        raise Refusal(Reason.NOT_FOUND, zh, en, where="application", value=order.application_id)
    if application.state != "submitted":
        zh, en = "这个申请已经办结", "this application was settled before"
        raise Refusal(Reason.STATUS_FORBIDS, zh, en, where="application", value=application.state)
    if not order.is_approved:
        await _close(act, application, order, {"reason": order.reason})
        return None
    kind = str(application.request["type"])
    issued = await issue_code(act, kind, application.uscc, application.name, application.registrar_id)
    await _close(act, application, order, {"reason": order.reason, "code": issued.code})
    return issued


async def _close(act: Act, application: Application, order: SettleVerification, outcome: dict[str, str]) -> None:
    state: State = "approved" if order.is_approved else "refused"
    await applications.close(act.conn, application.id, state, outcome, act.caller.actor, act.now)
    await act.remember(
        f"application.{state}", application.id, {"kind": "verification", "name": application.name, **outcome}
    )
    said_zh, said_en = (
        ("通过，可以领取验证码", "approved; the code is ready") if order.is_approved else ("未通过", "refused")
    )
    zh = f"“{application.name}”的核验申请 {application.id} {said_zh}" + (f"：{order.reason}" if order.reason else "")
    en = f"verification {application.id} of {application.name}: {said_en}" + (
        f": {order.reason}" if order.reason else ""
    )
    await act.tell(str(application.registrar_id), zh, en)
