"""A domain: a label, its bundle, who holds it, and what it is at an instant (RFC 5731, RFC 3915, RFC 9095).

What is stored are facts (dates, grace entries, a request to delete); the statuses that people see are computed from
them for a given instant by :func:`statuses_at`, so a job that runs late delays work but never changes the truth (design, law 4).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from registry.model.lock import Lock, lock_statuses

CLIENT_STATUSES = frozenset(
    {
        "clientDeleteProhibited",
        "clientHold",
        "clientRenewProhibited",
        "clientTransferProhibited",
        "clientUpdateProhibited",
    }
)
SERVER_STATUSES = frozenset(status.replace("client", "server") for status in CLIENT_STATUSES)


class GraceKind(StrEnum):
    """Grace periods of RFC 3915 section 3.1, as the names of its statuses."""

    ADD = "addPeriod"
    AUTO_RENEW = "autoRenewPeriod"
    RENEW = "renewPeriod"
    TRANSFER = "transferPeriod"


@dataclass(frozen=True, slots=True)
class Grace:
    """A grace period that runs until ``until`` for the registrar that paid for it."""

    kind: GraceKind
    until: datetime
    registrar_id: str
    years: int = 1


@dataclass(frozen=True, slots=True)
class Transfer:
    """A transfer that waits for the losing registrar (RFC 5731 section 3.2.4)."""

    gaining: str
    losing: str
    requested_at: datetime
    acts_at: datetime
    years: int


@dataclass(frozen=True, slots=True)
class DelegationSigner:
    """One DS record (RFC 4034 section 5)."""

    key_tag: int
    algorithm: int
    digest_type: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class DelegationKey:
    """A DNSKEY as ``secDNS:keyData`` carries it (RFC 5910 section 4.2); ``public_key`` is base64 text."""

    flags: int
    protocol: int
    algorithm: int
    public_key: str


@dataclass(frozen=True, slots=True)
class Member:
    """A bundle member that stands in DNS: ``role`` is ``registered``, ``simplified`` or ``traditional``."""

    name: str
    unicode: str
    role: str


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The lengths that a zone gives to what happens after a request to delete.

    ``restore_report`` is how long the report of a restore may take, None where a restore takes effect at once.
    """

    redemption: timedelta
    pending_delete: timedelta
    restore_report: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Domain:
    """``name`` is the A-label FQDN, ``u_label`` the label as people read it; ``uscc`` the body that holds it.

    ``ttls`` are the TTLs of its records that somebody chose (RFC 9803), ``status_reasons`` why a server status is set; ``verification`` is
    what was proved about the body, and when; ``restore_requested_at`` the restore whose report is due, or still taken.
    """

    roid: str
    name: str
    u_label: str
    tld: str
    registrar_id: str
    created_at: datetime
    created_by: str
    expires_at: datetime
    index_label: str
    table_id: str
    tld_set: str
    members: tuple[Member, ...] = ()
    uscc: str = ""
    registrant_id: str | None = None
    contacts: frozenset[tuple[str, str]] = field(default_factory=frozenset)  # (type, contact id)
    hosts: tuple[str, ...] = ()  # names of the delegated hosts, sorted
    subordinates: tuple[str, ...] = ()  # names of hosts below this domain, sorted
    signers: tuple[DelegationSigner, ...] = ()
    statuses: frozenset[str] = field(default_factory=frozenset)
    auth_hash: str = field(default="", repr=False)
    auth_expires_at: datetime | None = None
    updated_at: datetime | None = None
    updated_by: str = ""
    transferred_at: datetime | None = None
    deleted_at: datetime | None = None
    graces: tuple[Grace, ...] = ()
    transfer: Transfer | None = None
    ttls: Mapping[str, int] = field(default_factory=dict)
    status_reasons: Mapping[str, str] = field(default_factory=dict)
    lock: Lock | None = None
    restore_requested_at: datetime | None = None
    verification: Mapping[str, Any] = field(default_factory=dict)


def statuses_at(domain: Domain, now: datetime) -> frozenset[str]:
    """The EPP statuses at an instant (RFC 5731 section 2.3): stored ones, the lock's, pending ones, then ``inactive`` or ``ok``."""
    found = set(domain.statuses | lock_statuses(domain.lock, now))
    if domain.deleted_at:
        found.add("pendingDelete")
    if domain.transfer and now < domain.transfer.acts_at:
        found.add("pendingTransfer")
    if not domain.hosts and "pendingCreate" not in found:
        found.add("inactive")
    return frozenset(found or {"ok"})


def rgp_statuses_at(domain: Domain, now: datetime, deadlines: Deadlines) -> tuple[str, ...]:
    """The grace period statuses at an instant (RFC 3915 section 3.1); several may hold at once (erratum 8305)."""
    if domain.deleted_at and domain.restore_requested_at and deadlines.restore_report:
        return ("pendingRestore",)
    if domain.deleted_at:
        redeemable = now < domain.deleted_at + deadlines.redemption
        return ("redemptionPeriod",) if redeemable else ("pendingDelete",)
    return tuple(dict.fromkeys(grace.kind.value for grace in domain.graces if now < grace.until))
