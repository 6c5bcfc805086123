"""contact:check (RFC 5733 section 3.1.1)."""

from collections.abc import Mapping

from registry.epp.answer import Answer
from registry.epp.checks import write_check
from registry.epp.request import Asked
from registry.flows.contact.check import CheckContacts
from registry.model.answer import Availability


def read_contact_check(asked: Asked) -> CheckContacts:
    """The identifiers in the order of the question."""
    return CheckContacts(asked.node.texts("id"))


def write_contact_check(asked: Asked, found: Mapping[str, Availability], language: str) -> Answer:
    """``contact:chkData``."""
    return write_check(asked, found, "id", language)
