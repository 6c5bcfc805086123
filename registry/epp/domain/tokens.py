"""Allocation tokens in commands and answers (RFC 8495)."""

from registry.epp.answer import Piece
from registry.epp.markup import tag
from registry.epp.namespaces import ALLOCATION
from registry.epp.request import Asked

SHOWN = (ALLOCATION, "allocationToken")
ASKED = (ALLOCATION, "info")


def read_token(asked: Asked) -> str:
    """The token that stands beside a check, create or transfer request; empty for none."""
    node = asked.extensions.get(SHOWN)
    return node.token if node is not None else ""


def write_token(token: str) -> tuple[Piece, ...]:
    """The token that was asked for, or nothing."""
    if not token:
        return ()
    text = tag("allocationToken:allocationToken", token, **{"xmlns:allocationToken": ALLOCATION})
    return (Piece(ALLOCATION, text),)
