"""contact:create (RFC 5733 section 3.2.1)."""

from registry.epp.answer import Answer, Piece
from registry.epp.contact.fields import read_disclose, read_phone, read_postal
from registry.epp.fields import read_secret
from registry.epp.markup import moment, root, tag
from registry.epp.namespaces import CONTACT
from registry.epp.request import Asked
from registry.flows.contact.create import CreateContact
from registry.kernel.errors import Reason, Refusal
from registry.model.answer import CreatedContact


def read_contact_create(asked: Asked) -> CreateContact:
    """The order; ``SYNTAX_INVALID`` when one postal form stands twice."""
    node = asked.node
    postal = read_postal(node)
    if len(postal) < len(node.children("postalInfo")):
        raise Refusal(
            Reason.SYNTAX_INVALID,
            "同一类型的 postalInfo 出现了两次",
            "the same type of postalInfo stands twice",
            where="postalInfo",
        )
    return CreateContact(
        id=node.text("id"),
        postal=postal,
        email=node.text("email"),
        voice=read_phone(node, "voice"),
        fax=read_phone(node, "fax"),
        disclose=read_disclose(node),
        auth=read_secret(node) or "",
    )


def write_contact_create(asked: Asked, created: CreatedContact, language: str) -> Answer:  # noqa: ARG001  # one signature for all
    """``contact:creData``."""
    data = root("contact:creData", tag("contact:id", created.id), moment("contact:crDate", created.created_at))
    return Answer(data=Piece(CONTACT, data))
