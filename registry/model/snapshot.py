"""Objects as JSON, the way history keeps them: everything but secrets."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from registry.model.contact import Contact, Disclose, Phone, Postal
from registry.model.domain import DelegationSigner, Domain, Grace, GraceKind, Member, Transfer
from registry.model.host import Host
from registry.model.lock import lock_json


def domain_snapshot(domain: Domain) -> dict[str, Any]:
    """A domain. ``auth`` says whether authorization information is set, never what it is."""
    return {
        "roid": domain.roid,
        "name": domain.name,
        "u_label": domain.u_label,
        "tld": domain.tld,
        "members": [member_json(member) for member in domain.members],
        "registrar": domain.registrar_id,
        "uscc": domain.uscc,
        "registrant": domain.registrant_id,
        "contacts": sorted([kind, identifier] for kind, identifier in domain.contacts),
        "hosts": list(domain.hosts),
        "signers": [signer_json(signer) for signer in domain.signers],
        "statuses": sorted(domain.statuses),
        "auth": bool(domain.auth_hash),
        "created_at": domain.created_at.isoformat(),
        "created_by": domain.created_by,
        "updated_at": _instant(domain.updated_at),
        "updated_by": domain.updated_by,
        "expires_at": domain.expires_at.isoformat(),
        "transferred_at": _instant(domain.transferred_at),
        "deleted_at": _instant(domain.deleted_at),
        "graces": [grace_json(grace) for grace in domain.graces],
        "transfer": transfer_json(domain.transfer) if domain.transfer else None,
        "ttls": dict(domain.ttls),
        "status_reasons": dict(domain.status_reasons),
        "lock": lock_json(domain.lock) if domain.lock else None,
        "restore_requested_at": _instant(domain.restore_requested_at),
    }


def domain_detail(domain: Domain) -> dict[str, Any]:
    """What followers of the feed need of a change of a domain: every name of the bundle, and the zone."""
    return {"names": [member.name for member in domain.members], "zone": domain.tld}


def host_snapshot(host: Host) -> dict[str, Any]:
    """A host."""
    return {
        "roid": host.roid,
        "name": host.name,
        "registrar": host.registrar_id,
        "superordinate": host.superordinate,
        "addresses": sorted(map(str, host.addresses)),
        "statuses": sorted(host.statuses),
        "status_reasons": dict(host.status_reasons),
        "ttls": dict(host.ttls),
        "created_at": host.created_at.isoformat(),
        "created_by": host.created_by,
        "updated_at": _instant(host.updated_at),
        "updated_by": host.updated_by,
        "transferred_at": _instant(host.transferred_at),
    }


def contact_snapshot(contact: Contact) -> dict[str, Any]:
    """A contact."""
    return {
        "roid": contact.roid,
        "id": contact.id,
        "registrar": contact.registrar_id,
        "postal": {form: postal_json(postal) for form, postal in contact.postal.items()},
        "voice": phone_json(contact.voice),
        "fax": phone_json(contact.fax),
        "email": contact.email,
        "disclose": disclose_json(contact.disclose) if contact.disclose else None,
        "statuses": sorted(contact.statuses),
        "status_reasons": dict(contact.status_reasons),
        "transfer": transfer_json(contact.transfer) if contact.transfer else None,
        "auth": bool(contact.auth_hash),
        "created_at": contact.created_at.isoformat(),
        "created_by": contact.created_by,
        "updated_at": _instant(contact.updated_at),
        "updated_by": contact.updated_by,
        "transferred_at": _instant(contact.transferred_at),
    }


def postal_json(postal: Postal) -> dict[str, Any]:
    """One postal form, as it is stored in ``contact.postal``."""
    return {
        "name": postal.name,
        "org": postal.org,
        "street": list(postal.street),
        "city": postal.city,
        "province": postal.province,
        "postcode": postal.postcode,
        "country": postal.country,
    }


def phone_json(phone: Phone) -> dict[str, str]:
    """A telephone number."""
    return {"number": phone.number, "extension": phone.extension}


def disclose_json(disclose: Disclose) -> dict[str, Any]:
    """A disclosure preference, as it is stored in ``contact.disclose``."""
    return {"flag": disclose.flag, "elements": sorted(disclose.elements)}


def member_json(member: Member) -> dict[str, str]:
    """A bundle member."""
    return {"name": member.name, "unicode": member.unicode, "role": member.role}


def signer_json(signer: DelegationSigner) -> dict[str, Any]:
    """A DS record."""
    return {
        "key_tag": signer.key_tag,
        "algorithm": signer.algorithm,
        "digest_type": signer.digest_type,
        "digest": signer.digest.hex(),
    }


def grace_json(grace: Grace) -> dict[str, Any]:
    """A grace period, as it is stored in ``domain.graces``."""
    return {
        "kind": grace.kind.value,
        "until": grace.until.isoformat(),
        "registrar": grace.registrar_id,
        "years": grace.years,
    }


def transfer_json(transfer: Transfer) -> dict[str, Any]:
    """A pending transfer, as it is stored in ``domain.transfer``."""
    return {
        "gaining": transfer.gaining,
        "losing": transfer.losing,
        "requested_at": transfer.requested_at.isoformat(),
        "acts_at": transfer.acts_at.isoformat(),
        "years": transfer.years,
    }


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def read_grace(one: Mapping[str, Any]) -> Grace:
    """What :func:`grace_json` wrote."""
    return Grace(GraceKind(one["kind"]), datetime.fromisoformat(one["until"]), one["registrar"], one["years"])


def read_transfer(one: Mapping[str, Any]) -> Transfer:
    """What :func:`transfer_json` wrote."""
    return Transfer(
        gaining=one["gaining"],
        losing=one["losing"],
        requested_at=datetime.fromisoformat(one["requested_at"]),
        acts_at=datetime.fromisoformat(one["acts_at"]),
        years=one["years"],
    )
