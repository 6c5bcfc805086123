"""domain:renew (RFC 5731 section 3.2.3)."""

from dataclasses import dataclass
from datetime import date

from registry.flows.act import Act
from registry.model.answer import Renewed


@dataclass(frozen=True, slots=True)
class RenewDomain:
    """``current_expiry`` guards against renewing twice; ``years`` None takes the zone's default."""

    name: str
    current_expiry: date
    years: int | None = None


async def renew_domain(act: Act, order: RenewDomain) -> Renewed:
    """Put the expiry off."""
    raise NotImplementedError
