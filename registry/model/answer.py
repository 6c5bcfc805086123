"""What the commands of a registrar are answered with, before a door writes it in its own language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from registry.kernel.errors import Text
from registry.model.domain import Domain, Member, Transfer
from registry.model.host import Host

TtlPolicy = Mapping[str, tuple[int, int, int]]  # a type of record: the least, the default and the most seconds


class Availability(NamedTuple):
    """One line of a check (RFC 5730 section 2.9.2.1). ``reason`` is None when the object can be created.

    Both languages of a reason have at most 32 characters, the limit of ``eppcom:reasonBaseType``.
    """

    available: bool
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class CreatedContact:
    """RFC 5733 section 3.2.1."""

    id: str
    roid: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class CreatedHost:
    """RFC 5732 section 3.2.1."""

    name: str
    roid: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class CreatedDomain:
    """RFC 5731 section 3.2.1 and RFC 9095: ``members`` are all names of the bundle, the registered one first.

    ``application_id`` is set when a reviewer must decide first (EPP 1001); ``roid`` is then empty and ``expires_at`` None.
    """

    name: str
    roid: str
    created_at: datetime
    expires_at: datetime | None
    members: tuple[Member, ...] = ()
    application_id: str = ""

    @property
    def is_pending(self) -> bool:
        """Whether the name waits for review and nothing stands in the register yet."""
        return bool(self.application_id)


@dataclass(frozen=True, slots=True)
class Proof:
    """What is proved about the body behind a domain (verificationCode-1.0): ``status`` is one of its four.

    ``missing`` are pairs of a type of code and the instant at which it is due, ``given`` triples of code, type and instant.
    """

    status: str
    missing: tuple[tuple[str, datetime], ...] = ()
    given: tuple[tuple[str, str, datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class DomainView:
    """A domain as one caller may see it at one instant; ``ttl_policy`` says which TTLs may be chosen for it.

    ``statuses`` and ``rgp_statuses`` are computed for the instant of the act. ``is_full`` is true for the sponsor and for
    whoever gave the right authorization information; for others contacts, hosts and signers are left out (RFC 5731 section 3.1.2).
    ``domain.hosts`` and ``domain.subordinates`` are already cut down to what ``hosts`` of the order asked for. ``token`` is the live
    allocation token for a transfer, when the sponsor asked for it.
    """

    domain: Domain
    statuses: frozenset[str]
    rgp_statuses: tuple[str, ...]
    is_full: bool
    proof: Proof = field(default_factory=lambda: Proof("notApplicable"))
    token: str = ""
    ttl_policy: TtlPolicy = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HostView:
    """A host as it stands at one instant, and which TTLs may be chosen for it."""

    host: Host
    ttl_policy: TtlPolicy


@dataclass(frozen=True, slots=True)
class PendingView:
    """An application of the caller's own, as ``domain:info`` shows a name that nobody holds yet (RFC 8334 section 3.2).

    ``stage`` is one of ``registry.model.application.Stage``; ``roid`` the application's own.
    """

    id: str
    roid: str
    name: str
    stage: str
    registrar_id: str
    created_at: datetime
    registrant_id: str | None
    contacts: tuple[tuple[str, str], ...]
    hosts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Updated:
    """What a change of a domain is answered with. ``is_restore_pending``: until its report is there."""

    name: str
    members: tuple[Member, ...] = ()
    is_restore_pending: bool = False


@dataclass(frozen=True, slots=True)
class Deleted:
    """``is_pending``: the name entered its redemption period (EPP 1001); otherwise it is gone (EPP 1000)."""

    name: str
    is_pending: bool
    members: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class Renewed:
    """RFC 5731 section 3.2.3."""

    name: str
    expires_at: datetime
    members: tuple[Member, ...] = ()


class TransferState(NamedTuple):
    """RFC 5731 and RFC 5733, sections 3.1.3. ``status`` is one of ``eppcom:trStatusType``: ``pending``, ``clientApproved``, ….

    ``name`` is a domain's or the identifier of a contact. ``expires_at`` is what the transfer makes or made of the expiry, None when
    it changed nothing.
    """

    name: str
    status: str
    transfer: Transfer
    expires_at: datetime | None
    members: tuple[Member, ...] = ()


class Waiting(NamedTuple):
    """The head of a message queue: ``waiting`` messages wait; ``id`` and the rest describe the oldest."""

    waiting: int
    id: int
    at: datetime
    zh: str
    en: str
    kind: str
    payload: dict[str, object]


class Acknowledged(NamedTuple):
    """What still waits after an acknowledgement; ``next_id`` is None when nothing does."""

    waiting: int
    next_id: int | None
