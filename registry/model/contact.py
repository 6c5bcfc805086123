"""A contact (RFC 5733)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from registry.model.domain import Transfer


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
    auth_expires_at: datetime | None = None
    transfer: Transfer | None = None
    status_reasons: Mapping[str, str] = field(default_factory=dict)


def statuses_of(contact: Contact) -> frozenset[str]:
    """The EPP statuses (RFC 5733 section 2.2): stored ones, ``pendingTransfer``, ``linked`` when a domain uses it, else ``ok``."""
    linked = frozenset({"linked"}) if contact.is_linked else frozenset()
    pending = frozenset({"pendingTransfer"}) if contact.transfer else frozenset()
    return ((contact.statuses | pending) or frozenset({"ok"})) | linked


def moved_contact(contact: Contact, at: datetime) -> Contact:
    """The contact after its pending transfer was approved at ``at`` (RFC 5733 section 3.2.4). The secret is gone."""
    if contact.transfer is None:
        return contact
    return replace(
        contact,
        registrar_id=contact.transfer.gaining,
        transferred_at=at,
        auth_hash="",
        auth_expires_at=None,
        transfer=None,
    )


def contact_as_of(contact: Contact, now: datetime) -> Contact:
    """The contact as it is at ``now``: a transfer that nobody answered is approved at its ``acts_at``."""
    is_due = contact.transfer is not None and now >= contact.transfer.acts_at
    return moved_contact(contact, contact.transfer.acts_at) if is_due and contact.transfer else contact
