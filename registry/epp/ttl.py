"""ttl-1.0 (RFC 9803) in commands and answers, for domains (NS, DS) and hosts (A, AAAA)."""

from collections.abc import Mapping

from registry.epp.answer import Piece
from registry.epp.markup import root, tag
from registry.epp.namespaces import TTL
from registry.epp.request import Asked, ElementName

CREATE = (TTL, "create")
UPDATE = (TTL, "update")
ASKED = (TTL, "info")
TRUE = ("true", "1")


def read_ttls(asked: Asked, element: ElementName) -> dict[str, int | None]:
    """The TTLs that the command chooses; None takes a choice back. A type that EPP has no word for comes by its own name."""
    node = asked.extensions.get(element)
    chosen = node.children("ttl") if node is not None else []
    return {
        _type(one.attribute("for"), one.attribute("custom")): int(one.token) if one.token else None for one in chosen
    }


def _type(said: str, custom: str) -> str:
    return custom or said if said == "custom" else said


def write_ttls(
    asked: Asked, chosen: Mapping[str, int], policy: "Mapping[str, tuple[int, int, int]]"
) -> tuple[Piece, ...]:
    """``ttl:infData`` when the command asked: what was chosen, or with ``policy`` every type with its range (least, default, most).

    In the policy mode a type that nobody chose a TTL for stands empty beside its default.
    """
    node = asked.extensions.get(ASKED)
    if node is None:
        return ()
    if node.attribute("policy") in TRUE:
        lines = [
            tag("ttl:ttl", str(chosen.get(kind, "")), for_=kind, min=str(least), default=str(default), max=str(most))
            for kind, (least, default, most) in policy.items()
        ]
    else:
        lines = [tag("ttl:ttl", str(chosen[kind]), for_=kind) for kind in policy if kind in chosen]
    return (Piece(TTL, root("ttl:infData", *lines)),) if lines else ()
