"""Withdrawing a verification code."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.verification.issue import snapshot_of
from registry.kernel.errors import Reason, Refusal
from registry.store import verifications


@dataclass(frozen=True, slots=True)
class RevokeCode:
    """``reason`` is kept in the audit log."""

    code: str
    reason: str


async def revoke_code(act: Act, order: RevokeCode) -> None:
    """From now on the code may not be presented; names that were registered with it stay.

    A registrar may withdraw its own codes, a person with ``may_override`` any. Refuses with NOT_FOUND (no such code
    in force, or another registrar's).
    """
    row = (await verifications.find(act.conn, [order.code])).get(order.code)
    is_allowed = row is not None and (
        act.caller.may_override or (act.caller.kind, act.caller.id) == ("registrar", row.registrar_id)
    )
    if row is None or not is_allowed or not await verifications.revoke(act.conn, order.code, act.now):
        raise Refusal(
            Reason.NOT_FOUND, "没有这个有效的验证码", "there is no such code in force", where="code", value=order.code
        )
    await act.remember("verification.revoked", row.code, {**snapshot_of(row), "reason": order.reason})
