"""What a poll message carries besides its sentence: one renderer a kind (RFC 5730 section 2.9.2.3, RFC 8590).

A kind that is not in the table has its sentence only; a newer flow may therefore write kinds that this door does not know yet.
"""

from registry.epp.answer import Piece
from registry.model.answer import Waiting


def write_payload(message: Waiting) -> tuple[Piece | None, tuple[Piece, ...]]:
    """The ``resData`` and the extensions of the message."""
    return None, ()
