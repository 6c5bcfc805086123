"""domain:check (RFC 5731 section 3.1.1)."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.model.answer import Availability


@dataclass(frozen=True, slots=True)
class CheckDomains:
    """The names in the order in which they were asked."""

    names: tuple[str, ...]


async def check_domains(act: Act, order: CheckDomains) -> dict[str, Availability]:
    """Which names nobody holds, under the spelling that was asked. Whether a body may have one is the name check's question."""
    raise NotImplementedError
