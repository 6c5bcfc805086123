"""domain:transfer (RFC 5731 sections 3.1.3 and 3.2.4)."""

from dataclasses import dataclass, field
from typing import Literal

from registry.flows.act import Act
from registry.model.answer import TransferState


@dataclass(frozen=True, slots=True)
class TransferDomain:
    """``years`` None takes the zone's default; only ``request`` uses it."""

    operation: Literal["request", "query", "approve", "reject", "cancel"]
    name: str
    years: int | None = None
    auth: str | None = field(default=None, repr=False)


async def transfer_domain(act: Act, order: TransferDomain) -> TransferState:
    """Ask for, look at, or decide a transfer."""
    raise NotImplementedError
