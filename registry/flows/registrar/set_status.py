"""What a registrar may do: active, suspended, terminated."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.registrar.permission import not_found, require_sponsor
from registry.kernel.errors import Reason, Refusal
from registry.model.registrar import RegistrarStatus
from registry.store import registrars


@dataclass(frozen=True, slots=True)
class SetStatus:
    """``reason`` is kept for the auditors: nobody is stopped without one."""

    registrar_id: str
    status: RegistrarStatus
    reason: str


async def set_status(act: Act, order: SetStatus) -> None:
    """Change it from the next command on; the open sessions of a registrar that may not log in any more end within a second.

    Refuses with ``NOT_PERMITTED`` (nobody but an operator), ``PARAMETER_MISSING`` (no reason), ``NOT_FOUND``.
    """
    if act.caller.kind != "job":
        require_sponsor(act, "", where="registrar", value=order.registrar_id)
    if not order.reason.strip():
        raise Refusal(Reason.PARAMETER_MISSING, "请说明理由", "please give a reason", where="reason")
    if not await registrars.set_status(act.conn, order.registrar_id, order.status):
        raise not_found("注册服务机构", "registrar", where="registrar", value=order.registrar_id)
    snapshot = {"status": order.status.value, "reason": order.reason}
    await act.remember("registrar.status_changed", order.registrar_id, snapshot)
