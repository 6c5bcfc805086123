"""Showing an allocation token: it fits or it does not, and it is used up (RFC 8495 sections 3.2.1 and 3.2.4)."""

from registry.flows.act import Act
from registry.flows.token.issue import subject_of
from registry.kernel.errors import Reason, Refusal
from registry.store import tokens
from registry.store.tokens import Use


async def use_token(act: Act, use: Use) -> None:
    """Use it up in this act, so that it is unused again when the act fails. ``NOT_PERMITTED`` (EPP 2201) when it does not fit."""
    number = await tokens.use(act.conn, use, act.now)
    if number is None:
        raise mismatch(use.token)
    snapshot = {"act": use.act, "registrar": use.registrar_id, "for": use.roid}
    await act.remember("token.used", subject_of(number), snapshot)


def token_missing() -> Refusal:
    """The refusal for a name that is set aside, asked for without a token."""
    return Refusal(
        Reason.NOT_PERMITTED,
        "这个名称须凭分配令牌（allocationToken）办理，请向注册局申请",
        "this name is set aside: it wants an allocation token, which the registry issues",
        where="allocationToken",
    )


def mismatch(token: str) -> Refusal:
    """The refusal for a token that does not fit. It is not given back: it may be right for another name."""
    return (
        Refusal(
            Reason.NOT_PERMITTED,
            "分配令牌与这个名称或机构不符，或已用过、撤销、过期",
            "the allocation token does not fit this name or registrar, or was used, revoked, or is over",
            where="allocationToken",
        )
        if token
        else token_missing()
    )
