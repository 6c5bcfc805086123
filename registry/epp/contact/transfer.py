"""contact:transfer (RFC 5733 sections 3.1.3 and 3.2.4)."""

from typing import Literal, cast

from registry.epp.answer import Answer, Piece
from registry.epp.fields import read_secret
from registry.epp.markup import moment, root, tag
from registry.epp.namespaces import CONTACT
from registry.epp.request import Asked
from registry.epp.results import Code
from registry.flows.contact.transfer import TransferContact
from registry.model.answer import TransferState

Operation = Literal["request", "query", "approve", "reject", "cancel"]


def read_contact_transfer(asked: Asked) -> TransferContact:
    """The order; the operation is the attribute ``op`` of the outer element."""
    operation = cast("Operation", asked.operation)  # the schema allows no other
    return TransferContact(operation, asked.node.text("id"), read_secret(asked.node))


def write_contact_transfer(asked: Asked, state: TransferState, language: str) -> Answer:  # noqa: ARG001  # one signature for all
    """1001 when the request now waits for the losing registrar, else 1000."""
    waits = asked.operation == "request" and state.status == "pending"
    return Answer(Code.PENDING if waits else Code.OK, write_moved_contact(state))


def write_moved_contact(state: TransferState) -> Piece:
    """``contact:trnData``, for this command and for poll messages."""
    transfer = state.transfer
    data = root(
        "contact:trnData",
        tag("contact:id", state.name),
        tag("contact:trStatus", state.status),
        tag("contact:reID", transfer.gaining),
        moment("contact:reDate", transfer.requested_at),
        tag("contact:acID", transfer.losing),
        moment("contact:acDate", transfer.acts_at),
    )
    return Piece(CONTACT, data)
