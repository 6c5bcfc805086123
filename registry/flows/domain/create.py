"""domain:create (RFC 5731 section 3.2.1)."""

from dataclasses import dataclass, field

from registry.flows.act import Act
from registry.model.answer import CreatedDomain
from registry.model.domain import DelegationSigner
from registry.model.verification import PresentedCode


@dataclass(frozen=True, slots=True)
class CreateDomain:
    """``name`` is an A-label FQDN in any case. ``years`` None takes the zone's default.

    ``contacts`` are pairs (``admin`` | ``tech`` | ``billing``, contact id). ``uscc`` is the body for a caller that was verified by
    another way than ``codes``; a door must never fill it from what a registrar merely claims.
    """

    name: str
    years: int | None = None
    hosts: tuple[str, ...] = ()
    registrant: str | None = None
    contacts: frozenset[tuple[str, str]] = frozenset()
    auth: str = field(default="", repr=False)
    signers: tuple[DelegationSigner, ...] = ()
    codes: tuple[PresentedCode, ...] = ()
    uscc: str | None = None


async def create_domain(act: Act, order: CreateDomain) -> CreatedDomain:
    """Assign the name, or put it before a reviewer."""
    raise NotImplementedError
