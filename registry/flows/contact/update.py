"""contact:update (RFC 5733 section 3.2.5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from registry.flows.act import Act
from registry.model.contact import Disclose, Phone, Postal


@dataclass(frozen=True, slots=True)
class UpdateContact:
    """None leaves a field as it is. ``postal`` replaces the forms it names; ``Phone()`` removes a number; an empty ``auth`` unsets it."""

    id: str
    add_statuses: tuple[str, ...] = ()
    rem_statuses: tuple[str, ...] = ()
    postal: Mapping[str, Postal] | None = None
    voice: Phone | None = None
    fax: Phone | None = None
    email: str | None = None
    disclose: Disclose | None = None
    auth: str | None = field(default=None, repr=False)


async def update_contact(act: Act, order: UpdateContact) -> None:
    """Change it."""
    raise NotImplementedError
