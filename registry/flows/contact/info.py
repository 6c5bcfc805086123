"""contact:info (RFC 5733 section 3.1.2)."""

from dataclasses import dataclass, field

from registry.flows.act import Act
from registry.model.contact import Contact


@dataclass(frozen=True, slots=True)
class InfoContact:
    """``auth`` is the authorization information in clear, None when none was sent."""

    id: str
    auth: str | None = field(default=None, repr=False)


async def info_contact(act: Act, order: InfoContact) -> Contact:
    """The contact, to its sponsor or with the right authorization information only."""
    raise NotImplementedError
