"""domain:update (RFC 5731 section 3.2.5, RFC 5910 section 5.2.5)."""

from dataclasses import dataclass, field

from registry.flows.act import Act
from registry.model.domain import DelegationSigner


@dataclass(frozen=True, slots=True)
class UpdateDomain:
    """None leaves a field as it is. ``rem_all_signers`` is ``secDNS:rem/secDNS:all``; an empty ``auth`` unsets it (RFC 9154)."""

    name: str
    add_hosts: tuple[str, ...] = ()
    rem_hosts: tuple[str, ...] = ()
    add_contacts: frozenset[tuple[str, str]] = frozenset()
    rem_contacts: frozenset[tuple[str, str]] = frozenset()
    add_statuses: tuple[str, ...] = ()
    rem_statuses: tuple[str, ...] = ()
    add_signers: tuple[DelegationSigner, ...] = ()
    rem_signers: tuple[DelegationSigner, ...] = ()
    rem_all_signers: bool = False
    registrant: str | None = None
    auth: str | None = field(default=None, repr=False)


async def update_domain(act: Act, order: UpdateDomain) -> None:
    """Change it."""
    raise NotImplementedError
