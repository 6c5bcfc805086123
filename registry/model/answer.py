"""What the commands of a registrar are answered with, before a door writes it in its own language."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from registry.kernel.errors import Text
from registry.model.domain import Domain, Member, Transfer


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
class DomainView:
    """A domain as one caller may see it at one instant.

    ``statuses`` and ``rgp_statuses`` are computed for the instant of the act. ``is_full`` is true for the sponsor and for
    whoever gave the right authorization information; for others contacts, hosts and signers are left out (RFC 5731 section 3.1.2).
    ``domain.hosts`` and ``domain.subordinates`` are already cut down to what ``hosts`` of the order asked for.
    """

    domain: Domain
    statuses: frozenset[str]
    rgp_statuses: tuple[str, ...]
    is_full: bool


@dataclass(frozen=True, slots=True)
class Deleted:
    """``is_pending``: the name entered its redemption period (EPP 1001); otherwise it is gone (EPP 1000)."""

    name: str
    is_pending: bool


@dataclass(frozen=True, slots=True)
class Renewed:
    """RFC 5731 section 3.2.3."""

    name: str
    expires_at: datetime


class TransferState(NamedTuple):
    """RFC 5731 section 3.1.3. ``status`` is one of ``eppcom:trStatusType``: ``pending``, ``clientApproved``, ….

    ``expires_at`` is what the transfer makes or made of the expiry, None when it changed nothing.
    """

    name: str
    status: str
    transfer: Transfer
    expires_at: datetime | None


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
