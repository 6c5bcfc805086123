"""contact:delete (RFC 5733 section 3.2.2)."""

from dataclasses import dataclass

from registry.flows.act import Act


@dataclass(frozen=True, slots=True)
class DeleteContact:
    """Which one."""

    id: str


async def delete_contact(act: Act, order: DeleteContact) -> None:
    """Delete it at once."""
    raise NotImplementedError
