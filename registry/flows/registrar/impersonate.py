"""An operator acts in the name of a registrar: only with a reason, on record before anything is done, and told to the registrar."""

from dataclasses import dataclass

from registry.flows.act import Act, Caller
from registry.flows.registrar.permission import check_reason, no_registrar
from registry.kernel.errors import Reason, Refusal, Text
from registry.model.notice import Notice, Recipient
from registry.model.person import Role
from registry.store import people, registrars


@dataclass(frozen=True, slots=True)
class Impersonate:
    """Whose name, and why; ``command`` says what for, such as ``update domain``."""

    registrar_id: str
    reason: str
    command: str


async def impersonate(act: Act, order: Impersonate) -> None:
    """Write down that it happens, in a transaction of its own: the record stands also when the command itself is refused.

    Refuses with ``NOT_PERMITTED`` (nobody but an operator), ``PARAMETER_MISSING`` (no reason), ``NOT_FOUND`` (registrar).
    """
    account = await people.find(act.conn, act.caller.id) if act.caller.kind == "person" else None
    if account is None or account.disabled_at or account.person.role is not Role.OPERATOR:
        raise Refusal(
            Reason.NOT_PERMITTED,
            "只有系统管理员可以代为操作",
            "only an operator acts for a registrar",
            where="registrar",
        )
    reason = check_reason(order.reason)
    if await registrars.find(act.conn, order.registrar_id) is None:
        raise no_registrar(order.registrar_id)
    snapshot = {"by": act.caller.actor, "reason": reason, "command": order.command, "trid": act.trid}
    await act.remember("registrar.impersonated", order.registrar_id, snapshot)
    await act.notify(
        Notice(
            Recipient("registrar", order.registrar_id),
            "registrar.impersonated",
            Text("注册局以您的名义执行了命令", "The registry carried out a command in your name"),
            Text(
                f"{order.command}（事务编号 {act.trid}）。理由：{reason}",
                f"{order.command} ({act.trid}). Reason: {reason}",
            ),
            link="/portal/registrar",
            severity="urgent",
            payload={"trid": act.trid, "command": order.command},
        )
    )


def in_the_name_of(operator: Caller, registrar_id: str) -> Caller:
    """The registrar as the caller, with the operator behind it: as it stands in history and audit."""
    return Caller("registrar", registrar_id, behind=operator.actor)
