"""A contact (RFC 5733)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Postal:
    """One postal form: ``loc`` in Chinese, ``int`` in seven-bit ASCII (RFC 5733 section 2.4)."""

    name: str
    city: str
    country: str
    org: str = ""
    street: tuple[str, ...] = ()
    province: str = ""
    postcode: str = ""


@dataclass(frozen=True, slots=True)
class Phone:
    """E.164 as ``+86.1062770334`` and an extension (RFC 5733 section 2.5); both empty when there is none."""

    number: str = ""
    extension: str = ""


@dataclass(frozen=True, slots=True)
class Disclose:
    """RFC 5733 section 2.9: ``flag`` true allows, false forbids the listed elements (``name:loc``, ``voice``, …)."""

    flag: bool
    elements: frozenset[str]


@dataclass(frozen=True, slots=True)
class Contact:
    """``postal`` maps ``int`` and ``loc``; ``statuses`` are the stored ones, ``ok`` and ``linked`` are computed."""

    roid: str
    id: str
    registrar_id: str
    postal: Mapping[str, Postal]
    email: str
    created_at: datetime
    created_by: str
    voice: Phone = Phone()
    fax: Phone = Phone()
    disclose: Disclose | None = None
    statuses: frozenset[str] = field(default_factory=frozenset)
    auth_hash: str = field(default="", repr=False)
    updated_at: datetime | None = None
    updated_by: str = ""
    transferred_at: datetime | None = None
    is_linked: bool = False


def statuses_of(contact: Contact) -> frozenset[str]:
    """The EPP statuses (RFC 5733 section 2.2): stored ones, ``linked`` when a domain uses it, ``ok`` when nothing forbids."""
    linked = frozenset({"linked"}) if contact.is_linked else frozenset()
    return (contact.statuses or frozenset({"ok"})) | linked
