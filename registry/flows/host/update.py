"""host:update (RFC 5732 section 3.2.5)."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.host.create import AddressText


@dataclass(frozen=True, slots=True)
class UpdateHost:
    """``new_name`` renames; None leaves the name as it is."""

    name: str
    add_addresses: tuple[AddressText, ...] = ()
    rem_addresses: tuple[AddressText, ...] = ()
    add_statuses: tuple[str, ...] = ()
    rem_statuses: tuple[str, ...] = ()
    new_name: str | None = None


async def update_host(act: Act, order: UpdateHost) -> None:
    """Change it."""
    raise NotImplementedError
