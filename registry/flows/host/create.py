"""host:create (RFC 5732 section 3.2.1)."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.model.answer import CreatedHost


@dataclass(frozen=True, slots=True)
class AddressText:
    """One address as it was sent: ``family`` is ``v4`` or ``v6`` (RFC 5732 section 2.5). Nothing in it was checked yet."""

    text: str
    family: str = "v4"


@dataclass(frozen=True, slots=True)
class CreateHost:
    """``addresses`` only for a host below one of our own names, whose glue they are."""

    name: str
    addresses: tuple[AddressText, ...] = ()


async def create_host(act: Act, order: CreateHost) -> CreatedHost:
    """Create it for the calling registrar."""
    raise NotImplementedError
