"""host:info (RFC 5732 section 3.1.2)."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.model.host import Host


@dataclass(frozen=True, slots=True)
class InfoHost:
    """Which one, in any case."""

    name: str


async def info_host(act: Act, order: InfoHost) -> Host:
    """The host; everybody may see it. ``registry.model.host.statuses_of`` gives its statuses."""
    raise NotImplementedError
