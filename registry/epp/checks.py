"""The answer to every check (RFC 5730 section 2.9.2.1): one line an object, with a short reason when it is taken."""

from collections.abc import Mapping

from registry.epp.answer import Answer, Piece
from registry.epp.markup import NOTHING, element, root, tag
from registry.epp.namespaces import PREFIXES
from registry.epp.request import Asked
from registry.model.answer import Availability

MAX_REASON = 32  # characters, eppcom:reasonBaseType


def write_check(asked: Asked, found: Mapping[str, Availability], key: str, language: str) -> Answer:
    """``key`` is the element that carries the name: ``name`` or ``id``. The order is that of the question."""
    prefix = PREFIXES[asked.namespace]
    lines = [
        element(
            f"{prefix}:cd",
            tag(f"{prefix}:{key}", wanted, avail="1" if found[wanted].available else "0"),
            _reason(prefix, found[wanted], language),
        )
        for wanted in asked.node.texts(key)
    ]
    return Answer(data=Piece(asked.namespace, root(f"{prefix}:chkData", *lines)))


def _reason(prefix: str, availability: Availability, language: str) -> str:
    if availability.reason is None:
        return NOTHING
    text = availability.reason.zh if language == "zh" else availability.reason.en
    return tag(f"{prefix}:reason", text[:MAX_REASON], lang=language)
