"""What a registrar may do: its state, with the reason."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.registrar.permission import check_reason, no_registrar, require_operator
from registry.kernel.errors import Text
from registry.model.notice import Notice, Recipient
from registry.model.registrar import STATUS_WORDS, RegistrarStatus
from registry.store import registrars


@dataclass(frozen=True, slots=True)
class SetStatus:
    """``reason`` is told to the registrar and kept for the auditors: nobody is stopped without one."""

    registrar_id: str
    status: RegistrarStatus
    reason: str


async def set_status(act: Act, order: SetStatus) -> None:
    """Change it from the next command on; the open sessions of a registrar that may not log in any more end within a second.

    Refuses with ``NOT_PERMITTED`` (nobody but an operator), ``PARAMETER_MISSING`` (no reason), ``TOO_LARGE``, ``NOT_FOUND``.
    """
    require_operator(act, order.registrar_id)
    reason = check_reason(order.reason)
    if not await registrars.set_status(act.conn, order.registrar_id, order.status, reason, act.now):
        raise no_registrar(order.registrar_id)
    snapshot = {"status": order.status.value, "reason": reason}
    await act.remember("registrar.status_changed", order.registrar_id, snapshot)
    words = STATUS_WORDS[order.status]
    await act.notify(
        Notice(
            Recipient("registrar", order.registrar_id),
            "registrar.status_changed",
            Text(f"账户状态：{words.zh}", f"Account state: {words.en}"),
            Text(f"账户状态改为“{words.zh}”。理由：{reason}", f"The account is now {words.en}. Reason: {reason}"),
            link="/portal/registrar",
            severity="urgent",
            payload=snapshot,
        )
    )
