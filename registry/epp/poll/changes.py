"""What others did to an object (RFC 8590): the object in ``resData``, who did what, when and why in the extension."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from ipaddress import ip_address
from typing import Any

from registry.epp.answer import Piece
from registry.epp.contact.info import write_contact
from registry.epp.domain.bundles import write_bundle
from registry.epp.domain.dnssec import write_signers
from registry.epp.fields import write_statuses, written_client
from registry.epp.host.info import write_host
from registry.epp.markup import NOTHING, element, moment, optional, root, tag
from registry.epp.namespaces import CHANGE_POLL, DOMAIN, VERIFICATION
from registry.model.contact import Contact, Phone, Postal
from registry.model.domain import DelegationSigner, Member
from registry.model.host import Host

Told = tuple[Piece, tuple[Piece, ...]]
MAX_WHO = 255  # characters, changePoll:whoType
MAX_REASON = 32  # characters, eppcom:reasonBaseType; the whole reason stands beside the status, and in the history
WORDS = frozenset(
    {"create", "delete", "renew", "transfer", "update", "restore", "autoRenew", "autoDelete", "autoPurge"}
)
COMPUTED = frozenset({"ok", "linked"})


def write_domain_change(payload: Mapping[str, Any]) -> Told:
    """``domain:infData`` with its signers and its bundle, from a payload of ``registry.flows.domain.told``."""
    domain = payload["domain"]
    signers = tuple(_signer(one) for one in domain["signers"])
    members = tuple(Member(**one) for one in domain["members"])
    more = (*write_signers(signers), *write_bundle(members, "infData"), *_overdue(payload["operation"]))
    return _domain(domain, payload["statuses"]), (_said(payload), *more)


def write_host_change(payload: Mapping[str, Any]) -> Told:
    """``host:infData`` from a payload of ``registry.flows.host.told``."""
    said, statuses = payload["host"], payload["statuses"]
    host = Host(
        roid=said["roid"],
        name=said["name"],
        registrar_id=said["registrar"],
        created_at=datetime.fromisoformat(said["created_at"]),
        created_by=said["created_by"],
        addresses=frozenset(map(ip_address, said["addresses"])),
        statuses=frozenset(statuses) - COMPUTED,
        updated_at=_at(said["updated_at"]),
        updated_by=said["updated_by"],
        transferred_at=_at(said["transferred_at"]),
        is_linked="linked" in statuses,
        status_reasons=said["status_reasons"],
    )
    return write_host(host), (_said(payload),)


def write_contact_change(payload: Mapping[str, Any]) -> Told:
    """``contact:infData`` from a payload of ``registry.flows.contact.told``."""
    said, statuses = payload["contact"], payload["statuses"]
    contact = Contact(
        roid=said["roid"],
        id=said["id"],
        registrar_id=said["registrar"],
        postal={form: Postal(**{**one, "street": tuple(one["street"])}) for form, one in said["postal"].items()},
        email=said["email"],
        created_at=datetime.fromisoformat(said["created_at"]),
        created_by=said["created_by"],
        voice=Phone(**said["voice"]),
        fax=Phone(**said["fax"]),
        statuses=frozenset(statuses) - COMPUTED,
        updated_at=_at(said["updated_at"]),
        updated_by=said["updated_by"],
        transferred_at=_at(said["transferred_at"]),
        is_linked="linked" in statuses,
        status_reasons=said["status_reasons"],
    )
    return write_contact(contact), (_said(payload),)


def _said(payload: Mapping[str, Any]) -> Piece:
    operation = str(payload["operation"])
    word = (
        tag("changePoll:operation", operation)
        if operation in WORDS
        else tag("changePoll:operation", "custom", op=operation)
    )
    reason = str(payload["reason"])[:MAX_REASON].strip()
    said = element(
        "changePoll:changeData",
        word,
        moment("changePoll:date", datetime.fromisoformat(payload["at"])),
        tag("changePoll:svTRID", str(payload["trid"])),
        tag("changePoll:who", str(payload["who"])[:MAX_WHO]),
        tag("changePoll:reason", reason, lang="zh") if reason else NOTHING,
        **{"xmlns:changePoll": CHANGE_POLL, "state": str(payload["state"])},
    )
    return Piece(CHANGE_POLL, said)


def _overdue(operation: str) -> tuple[Piece, ...]:
    """What a name that lost its grace is worth now (verificationCode-1.0 section 2.2)."""
    if operation != "proofOverdue":
        return ()
    status = tag("verificationCode:status", "nonCompliant")
    return (Piece(VERIFICATION, root("verificationCode:infData", status)),)


def _domain(domain: Mapping[str, Any], statuses: Iterable[str]) -> Piece:
    hosts = [tag("domain:hostObj", name) for name in domain["hosts"]]
    data = root(
        "domain:infData",
        tag("domain:name", domain["name"]),
        tag("domain:roid", domain["roid"]),
        *write_statuses("domain", statuses, domain.get("status_reasons", {})),
        optional("domain:registrant", domain["registrant"] or ""),
        *(tag("domain:contact", identifier, type=kind) for kind, identifier in domain["contacts"]),
        element("domain:ns", *hosts) if hosts else NOTHING,
        tag("domain:clID", domain["registrar"]),
        tag("domain:crID", domain["created_by"]),
        moment("domain:crDate", _at(domain["created_at"])),
        optional("domain:upID", written_client(domain["updated_by"])),
        moment("domain:upDate", _at(domain["updated_at"])),
        moment("domain:exDate", _at(domain["expires_at"])),
        moment("domain:trDate", _at(domain["transferred_at"])),
    )
    return Piece(DOMAIN, data)


def _signer(one: Mapping[str, Any]) -> DelegationSigner:
    return DelegationSigner(one["key_tag"], one["algorithm"], one["digest_type"], bytes.fromhex(one["digest"]))


def _at(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
