"""contact:create (RFC 5733 section 3.2.1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from registry.flows.act import Act
from registry.model.answer import CreatedContact
from registry.model.contact import Disclose, Phone, Postal


@dataclass(frozen=True, slots=True)
class CreateContact:
    """``postal`` maps ``int`` and/or ``loc``; ``auth`` is the authorization information in clear, empty for none (RFC 9154)."""

    id: str
    postal: Mapping[str, Postal]
    email: str
    voice: Phone | None = None
    fax: Phone | None = None
    disclose: Disclose | None = None
    auth: str = field(default="", repr=False)


async def create_contact(act: Act, order: CreateContact) -> CreatedContact:
    """Create it for the calling registrar."""
    raise NotImplementedError
