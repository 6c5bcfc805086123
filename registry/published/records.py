"""What the register publishes, as frozen records. Instants are aware and in UTC, names of the DNS lower-case A-labels.

Records carry everything that the views hold, personal data too: what of it is shown to whom is decided by the reader's
disclosure policy (``whois/disclosure.py``), never here.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from registry.model.body import is_alive
from registry.model.contact import Disclose, Phone, Postal
from registry.model.domain import Deadlines, DelegationSigner, Domain, Member, rgp_statuses_at, statuses_at
from registry.model.host import Host, locked_host
from registry.model.host import statuses_of as host_statuses
from registry.published.places import Place

__all__ = ["DelegationSigner", "Disclose", "Member", "Phone", "Place", "Postal"]


@dataclass(frozen=True, slots=True)
class RegistrarRecord:
    """Who sponsors a name. ``iana_id`` is None for a registrar that ICANN did not accredit."""

    id: str
    name: str
    iana_id: int | None
    status: str
    email: str
    phone: str
    url: str
    address: str
    created_at: datetime

    @property
    def handle(self) -> str:
        """The RDAP handle: the IANA identifier, which is the public identifier too (RDAP response profile, 2.4.2)."""
        return str(self.iana_id) if self.iana_id else self.id


@dataclass(frozen=True, slots=True)
class MarkRecord:
    """A mark of the verifier: ``state`` is what was decided, :meth:`DomainRecord.mark_state` what it is worth now."""

    id: str
    look: Literal["red", "blue", "green"]
    state: Literal["valid", "suspended", "revoked"]
    issued_at: datetime
    site: str
    origin: str
    hosts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BodyRecord:
    """A public body. ``kind_zh`` and ``kind_en`` say what its kind is; ``places`` its place from province to county."""

    uscc: str
    name: str
    kind: str
    kind_zh: str
    kind_en: str
    administrative: bool
    region: str
    level: str
    authority: str
    address: str
    phone: str
    status: str
    established_on: date | None
    successor_uscc: str
    changed_at: datetime
    places: tuple[Place, ...]

    @property
    def alive(self) -> bool:
        """Whether it exists today."""
        return is_alive(self.status, self.successor_uscc)

    @property
    def place_zh(self) -> str:
        """``湖南省长沙市岳麓区``, or ``中央`` for a body of the centre."""
        return "".join(place.name for place in self.places) or ("中央" if self.level == "central" else "")


@dataclass(frozen=True, slots=True)
class NameSummary:
    """A name in a list: ``unicode`` as people read it."""

    name: str
    unicode: str
    created_at: datetime
    is_live: bool


@dataclass(frozen=True, slots=True)
class BodyDetail:
    """A body with its other names by role (``short``, ``alias``, ``former``), its domain names and its marks."""

    body: BodyRecord
    other_names: tuple[tuple[str, str], ...]
    domains: tuple[NameSummary, ...]
    marks: tuple[MarkRecord, ...]


@dataclass(frozen=True, slots=True)
class ContactRecord:
    """A contact (RFC 5733) with everything in it; show it only through the disclosure policy."""

    id: str
    roid: str
    registrar_id: str
    postal: dict[str, Postal] = field(repr=False)
    voice: Phone = field(repr=False)
    fax: Phone = field(repr=False)
    email: str = field(repr=False)
    disclose: Disclose | None
    created_at: datetime
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class ServerRecord:
    """A name server of a domain; addresses only of hosts below our own names."""

    roid: str
    name: str
    addresses: tuple[str, ...]
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class HostRecord:
    """A host object (RFC 5732) with its sponsor."""

    roid: str
    name: str
    addresses: tuple[str, ...]
    host: Host
    registrar: RegistrarRecord
    created_at: datetime
    updated_at: datetime | None

    def statuses(self, now: datetime) -> tuple[str, ...]:
        """The EPP statuses at an instant, sorted (RFC 5732, section 2.3), with those of a registry lock on the domain above it."""
        return tuple(sorted(host_statuses(locked_host(self.host, now))))

    def changes_at(self, now: datetime) -> datetime | None:
        """When the mere passing of time changes them: the end of a window in the lock."""
        until = self.host.lock.open_until if self.host.lock else None
        return until if until and until > now else None


@dataclass(frozen=True, slots=True)
class PastHolder:
    """A body that held a name until it followed a successor; ``name`` as the body is called on file, its last."""

    uscc: str
    name: str
    until: datetime


@dataclass(frozen=True, slots=True)
class DomainRecord:
    """A registered name with all that hangs on it. ``asked`` is the member of the bundle by which it was found.

    ``former_names`` are those of the body that holds it, ``past_holders`` the bodies that it came from, the latest first.
    """

    domain: Domain
    deadlines: Deadlines
    asked: Member
    registrar: RegistrarRecord
    body: BodyRecord | None
    registrant: ContactRecord | None
    contacts: tuple[tuple[str, ContactRecord], ...]
    servers: tuple[ServerRecord, ...]
    marks: tuple[MarkRecord, ...]
    former_names: tuple[str, ...] = ()
    past_holders: tuple[PastHolder, ...] = ()

    @property
    def name(self) -> str:
        """The registered name as an A-label name."""
        return self.domain.name

    @property
    def unicode(self) -> str:
        """The registered name as people read it."""
        return self.domain.members[0].unicode

    def statuses(self, now: datetime) -> tuple[str, ...]:
        """The EPP statuses at an instant, sorted (RFC 5731, section 2.3)."""
        return tuple(sorted(statuses_at(self.domain, now)))

    def grace_statuses(self, now: datetime) -> tuple[str, ...]:
        """The grace period statuses at an instant (RFC 3915, section 3.1)."""
        return rgp_statuses_at(self.domain, now, self.deadlines)

    @property
    def is_live(self) -> bool:
        """Whether the name is held and not on its way out."""
        return self.domain.deleted_at is None

    def mark_state(self, mark: MarkRecord) -> str:
        """What the mark is worth now: a valid one counts as suspended once its body or its name is gone."""
        stands = self.is_live and self.body is not None and self.body.alive
        return mark.state if stands or mark.state != "valid" else "suspended"


@dataclass(frozen=True, slots=True)
class Variant:
    """Another spelling of a registered name: ``withheld`` for its holder on request, or ``blocked`` for everybody.

    ``asked`` is its A-label name, ``unicode`` the same as people read it.
    """

    asked: str
    unicode: str
    disposition: Literal["withheld", "blocked"]
    of: DomainRecord


@dataclass(frozen=True, slots=True)
class Retired:
    """A name that was official once: nobody else gets it. ``unicode`` is the spelling that was registered."""

    asked: str
    unicode: str
    uscc: str
    retired_at: datetime


Found = DomainRecord | Variant | Retired | None
