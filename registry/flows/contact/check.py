"""contact:check (RFC 5733 section 3.1.1)."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.model.answer import Availability


@dataclass(frozen=True, slots=True)
class CheckContacts:
    """The identifiers in the order in which they were asked."""

    ids: tuple[str, ...]


async def check_contacts(act: Act, order: CheckContacts) -> dict[str, Availability]:
    """Which identifiers can still be created; one that is no identifier is not available and says why."""
    raise NotImplementedError
