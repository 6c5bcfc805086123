"""host:delete (RFC 5732 section 3.2.2)."""

from dataclasses import dataclass

from registry.flows.act import Act


@dataclass(frozen=True, slots=True)
class DeleteHost:
    """Which one."""

    name: str


async def delete_host(act: Act, order: DeleteHost) -> None:
    """Delete it at once."""
    raise NotImplementedError
