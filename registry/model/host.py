"""A name server (RFC 5732)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address

from registry.model.lock import LOCK_WORDS, Lock, lock_statuses

Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Host:
    """``superordinate`` is the ROID of the domain of ours that it lies under, None for an outside host; ``lock`` that domain's.

    ``ttls`` are the TTLs of its addresses that somebody chose (RFC 9803), ``status_reasons`` why a server status is set.
    """

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
    ttls: Mapping[str, int] = field(default_factory=dict)
    status_reasons: Mapping[str, str] = field(default_factory=dict)
    lock: Lock | None = None


def statuses_of(host: Host) -> frozenset[str]:
    """The EPP statuses (RFC 5732 section 2.3): stored ones, ``linked`` when a domain uses it, ``ok`` when nothing forbids."""
    linked = frozenset({"linked"}) if host.is_linked else frozenset()
    return (host.statuses or frozenset({"ok"})) | linked


def locked_host(host: Host, now: datetime) -> Host:
    """The host as it stands at an instant: the registry lock of the domain above it covers it, for everybody to see."""
    covered = lock_statuses(host.lock, now) - {
        "serverTransferProhibited"
    }  # no status of hosts: they move with their domain
    if not covered:
        return host
    reasons = dict.fromkeys(sorted(covered), LOCK_WORDS.zh)
    return replace(host, statuses=host.statuses | covered, status_reasons=reasons | dict(host.status_reasons))
