"""Ending an allocation token before it was used: the name is everybody's again."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.registrar.permission import check_reason, not_found, require_operator
from registry.flows.token.issue import snapshot_of, subject_of
from registry.kernel.errors import Reason, Refusal
from registry.store import tokens


@dataclass(frozen=True, slots=True)
class RevokeToken:
    """By its number, which the list shows."""

    number: int
    reason: str


async def revoke_token(act: Act, order: RevokeToken) -> None:
    """End it. Refuses with ``NOT_PERMITTED``, ``NOT_FOUND``, ``STATUS_FORBIDS`` (used or revoked), ``PARAMETER_MISSING`` (reason)."""
    require_operator(act, "")
    reason = check_reason(order.reason)
    token = await tokens.find(act.conn, order.number)
    if token is None:
        raise not_found("分配令牌", "allocation token", where="token", value=str(order.number))
    if not await tokens.revoke(act.conn, order.number, act.now, act.caller.actor):
        zh, en = "这枚令牌已经用过或已撤销", "this token was used or revoked before"
        raise Refusal(Reason.STATUS_FORBIDS, zh, en, where="token", value=str(order.number))
    await act.remember("token.revoked", subject_of(order.number), snapshot_of(token) | {"because": reason})
