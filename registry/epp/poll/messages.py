"""What a poll message carries besides its sentence: one renderer a kind (RFC 5730 section 2.9.2.3).

A kind that is not in the table has its sentence only, so a newer flow may write kinds that this door does not know yet.
"""

from collections.abc import Mapping
from datetime import datetime

from registry.epp.answer import Piece
from registry.epp.domain.transfer import write_transfer
from registry.epp.markup import element, moment, optional, root, tag
from registry.epp.namespaces import DOMAIN
from registry.epp.poll.changes import write_change
from registry.model.answer import TransferState, Waiting
from registry.model.domain import Transfer

Told = tuple[Piece | None, tuple[Piece, ...]]


def write_payload(message: Waiting) -> Told:
    """The ``resData`` and the extensions of the message."""
    render = RENDERERS.get(message.kind)
    return render(message.payload) if render else (None, ())


def _transfer(payload: Mapping[str, object]) -> Told:
    said = {key: str(value) for key, value in payload.items()}
    transfer = Transfer(
        said["gaining"],
        said["losing"],
        datetime.fromisoformat(said["requested_at"]),
        datetime.fromisoformat(said["acted_at"]),
        years=0,
    )
    state = TransferState(said["name"], said["status"], transfer, datetime.fromisoformat(said["expires_at"]))
    return write_transfer(state), ()


def _pending_action(payload: Mapping[str, object]) -> Told:
    """``domain:panData`` (RFC 5731 section 3.3): what became of a create that was answered 1001."""
    data = root(
        "domain:panData",
        tag("domain:name", str(payload["name"]), paResult="1" if payload["is_approved"] else "0"),
        _transaction(str(payload["client_trid"]), str(payload["trid"])),
        moment("domain:paDate", datetime.fromisoformat(str(payload["at"]))),
    )
    return Piece(DOMAIN, data), ()


def _transaction(client_trid: str, trid: str) -> str:
    """``domain:paTRID``; its children are of the protocol's own namespace."""
    children = optional("clTRID", client_trid), tag("svTRID", trid)
    return element("domain:paTRID", *children)


RENDERERS = {"domain.transfer": _transfer, "domain.pan": _pending_action, "domain.changed": write_change}
