"""The allocation tokens, for operators."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.registrar.permission import require_operator
from registry.store import tokens
from registry.store.tokens import Token


@dataclass(frozen=True, slots=True)
class ShowTokens:
    """``name`` (A-label) empty: all."""

    name: str = ""


async def show_tokens(act: Act, order: ShowTokens) -> list[Token]:
    """The newest first, two hundred at most. Refuses with ``NOT_PERMITTED``."""
    require_operator(act, "")
    return await tokens.listed(act.conn, order.name)


def standing_of(token: Token, act: Act) -> str:
    """``used``, ``revoked``, ``expired``, ``waiting`` (not valid yet) or ``alive``."""
    ended = (
        (token.used_at is not None, "used"),
        (token.revoked_at is not None, "revoked"),
        (act.now >= token.valid_until, "expired"),
        (act.now < token.valid_from, "waiting"),
    )
    return next((word for holds, word in ended if holds), "alive")
