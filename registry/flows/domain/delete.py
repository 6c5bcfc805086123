"""domain:delete (RFC 5731 section 3.2.2, RFC 3915)."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.model.answer import Deleted


@dataclass(frozen=True, slots=True)
class DeleteDomain:
    """Which one; any member of a bundle."""

    name: str


async def delete_domain(act: Act, order: DeleteDomain) -> Deleted:
    """Delete it: at once in its add grace period, otherwise into redemption."""
    raise NotImplementedError
