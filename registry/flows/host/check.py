"""host:check (RFC 5732 section 3.1.1)."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.model.answer import Availability


@dataclass(frozen=True, slots=True)
class CheckHosts:
    """The names in the order in which they were asked."""

    names: tuple[str, ...]


async def check_hosts(act: Act, order: CheckHosts) -> dict[str, Availability]:
    """Which names can still be created, under the spelling that was asked."""
    raise NotImplementedError
