"""A name server (RFC 5732)."""

from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address

Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Host:
    """``superordinate`` is the ROID of the domain of ours that it lies under, None for an outside host."""

    roid: str
    name: str
    registrar_id: str
    created_at: datetime
    created_by: str
    superordinate: str | None = None
    addresses: frozenset[Address] = field(default_factory=frozenset)
    statuses: frozenset[str] = field(default_factory=frozenset)
    updated_at: datetime | None = None
    updated_by: str = ""
    transferred_at: datetime | None = None
    is_linked: bool = False


def statuses_of(host: Host) -> frozenset[str]:
    """The EPP statuses (RFC 5732 section 2.3): stored ones, ``linked`` when a domain uses it, ``ok`` when nothing forbids."""
    linked = frozenset({"linked"}) if host.is_linked else frozenset()
    return (host.statuses or frozenset({"ok"})) | linked
