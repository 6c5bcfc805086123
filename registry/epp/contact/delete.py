"""contact:delete (RFC 5733 section 3.2.2)."""

from registry.epp.request import Asked
from registry.flows.contact.delete import DeleteContact


def read_contact_delete(asked: Asked) -> DeleteContact:
    """Which contact."""
    return DeleteContact(asked.node.text("id"))
