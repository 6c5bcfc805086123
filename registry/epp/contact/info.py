"""contact:info (RFC 5733 section 3.1.2)."""

from registry.epp.answer import Answer, Piece
from registry.epp.contact.fields import write_disclose, write_phone, write_postal
from registry.epp.fields import read_secret, write_statuses, written_client
from registry.epp.markup import moment, optional, root, tag
from registry.epp.namespaces import CONTACT
from registry.epp.request import Asked
from registry.flows.contact.info import InfoContact
from registry.model.contact import Contact, statuses_of


def read_contact_info(asked: Asked) -> InfoContact:
    """Which contact, with what secret."""
    return InfoContact(asked.node.text("id"), read_secret(asked.node))


def write_contact_info(asked: Asked, contact: Contact, language: str) -> Answer:  # noqa: ARG001  # one signature for all
    """``contact:infData``; authInfo is never in it, because only a hash of it is kept (RFC 9154)."""
    return Answer(data=write_contact(contact))


def write_contact(contact: Contact) -> Piece:
    """``contact:infData``, for this command and for poll messages."""
    data = root(
        "contact:infData",
        tag("contact:id", contact.id),
        tag("contact:roid", contact.roid),
        *write_statuses("contact", statuses_of(contact), contact.status_reasons),
        *(write_postal(form, contact.postal[form]) for form in sorted(contact.postal)),
        write_phone("contact:voice", contact.voice),
        write_phone("contact:fax", contact.fax),
        tag("contact:email", contact.email),
        tag("contact:clID", contact.registrar_id),
        tag("contact:crID", contact.created_by),
        moment("contact:crDate", contact.created_at),
        optional("contact:upID", written_client(contact.updated_by)),
        moment("contact:upDate", contact.updated_at),
        moment("contact:trDate", contact.transferred_at),
        write_disclose(contact.disclose),
    )
    return Piece(CONTACT, data)
