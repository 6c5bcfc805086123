"""What a poll message carries besides its sentence: one renderer a kind (RFC 5730 section 2.9.2.3).

A kind that is not in the table has its sentence only, so a newer flow may write kinds that this door does not know yet.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from registry.epp.answer import Piece
from registry.epp.contact.transfer import write_moved_contact
from registry.epp.domain.launching import write_standing
from registry.epp.domain.transfer import write_transfer
from registry.epp.maintenance.info import write_item
from registry.epp.markup import element, moment, optional, root, tag
from registry.epp.namespaces import DOMAIN
from registry.epp.poll.changes import write_contact_change, write_domain_change, write_host_change
from registry.model.answer import TransferState, Waiting
from registry.model.domain import Transfer
from registry.model.maintenance import read_maintenance

Told = tuple[Piece | None, tuple[Piece, ...]]


def write_payload(message: Waiting) -> Told:
    """The ``resData`` and the extensions of the message."""
    render = RENDERERS.get(message.kind)
    return render(message.payload) if render else (None, ())


def _transfer(payload: Mapping[str, object]) -> Told:
    said = {key: str(value) for key, value in payload.items()}
    expires_at = datetime.fromisoformat(said["expires_at"])
    state = TransferState(said["name"], said["status"], _told_transfer(said), expires_at)
    return write_transfer(state), ()


def _pending_action(payload: Mapping[str, object]) -> Told:
    """``domain:panData`` (RFC 5731 section 3.3): what became of a create that was answered 1001."""
    data = root(
        "domain:panData",
        tag("domain:name", str(payload["name"]), paResult="1" if payload["is_approved"] else "0"),
        _transaction(str(payload["client_trid"]), str(payload["trid"])),
        moment("domain:paDate", datetime.fromisoformat(str(payload["at"]))),
    )
    stage = "approved" if payload["is_approved"] else "refused"
    return Piece(DOMAIN, data), write_standing(str(payload.get("application", "")), stage)


def _contact_transfer(payload: Mapping[str, object]) -> Told:
    said = {key: str(value) for key, value in payload.items()}
    transfer = _told_transfer(said)
    return write_moved_contact(TransferState(said["id"], said["status"], transfer, None)), ()


def _maintenance(payload: Mapping[str, Any]) -> Told:
    """``maint:infData`` with the item (RFC 9167 section 4.1.4)."""
    poll_type = str(payload["poll_type"])
    one = read_maintenance({key: value for key, value in payload.items() if key != "poll_type"})
    return write_item(one, poll_type), ()


def _told_transfer(said: Mapping[str, str]) -> Transfer:
    requested_at, acted_at = datetime.fromisoformat(said["requested_at"]), datetime.fromisoformat(said["acted_at"])
    return Transfer(said["gaining"], said["losing"], requested_at, acted_at, years=0)


def _transaction(client_trid: str, trid: str) -> str:
    """``domain:paTRID``; its children are of the protocol's own namespace."""
    children = optional("clTRID", client_trid), tag("svTRID", trid)
    return element("domain:paTRID", *children)


RENDERERS: Mapping[str, Callable[[Mapping[str, Any]], Told]] = {
    "domain.transfer": _transfer,
    "domain.pan": _pending_action,
    "domain.changed": write_domain_change,
    "host.changed": write_host_change,
    "contact.transfer": _contact_transfer,
    "contact.changed": write_contact_change,
    "maintenance": _maintenance,
}
