"""contact:update (RFC 5733 section 3.2.5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from registry.flows.act import Act
from registry.flows.contact.settle import open_contact, save_contact
from registry.flows.contact.told import tell_contact_change
from registry.flows.registrar.permission import require_sponsor
from registry.kernel.ids import new_bytes
from registry.model.contact import Contact, Disclose, Phone, Postal, statuses_of
from registry.policy.objects.postal import check_postal
from registry.policy.objects.reach import check_email, check_phone
from registry.policy.objects.secret import AUTH_LIFE, SALT_OCTETS, check_contact_strength, hashed
from registry.policy.objects.status import (
    CONTACT_STATUSES,
    SERVER_CONTACT_STATUSES,
    UPDATE_LOCK,
    changed_reasons,
    changed_statuses,
    check_none_of,
    check_something,
    check_unlocked,
)


@dataclass(frozen=True, slots=True)
class UpdateContact:
    """None leaves a field as it is.

    ``postal`` replaces the forms that it names; ``Phone()`` removes a number; an empty ``auth`` unsets the secret.
    ``reason`` is an operator's, told to the sponsor (RFC 8590) and shown with the server statuses that it sets.
    """

    id: str
    add_statuses: tuple[str, ...] = ()
    rem_statuses: tuple[str, ...] = ()
    postal: Mapping[str, Postal] | None = None
    voice: Phone | None = None
    fax: Phone | None = None
    email: str | None = None
    disclose: Disclose | None = None
    auth: str | None = field(default=None, repr=False)
    reason: str = ""


async def update_contact(act: Act, order: UpdateContact) -> None:
    """Change it.

    Refuses with ``NOT_FOUND``, ``NOT_PERMITTED`` (not the sponsor), ``STATUS_FORBIDS`` (locked), ``VALUE_INVALID`` (a value, or
    a status that cannot be set), ``POLICY_FORBIDS`` (a status added twice or removed though absent; a weak secret).
    """
    check_something(replace(order, reason="") != UpdateContact(order.id))
    contact = await open_contact(act, order.id)
    require_sponsor(act, contact.registrar_id, where="id", value=order.id)
    if not act.caller.may_override:
        check_unlocked(contact.statuses, only_unlocks=order == UpdateContact(order.id, rem_statuses=(UPDATE_LOCK,)))
        check_none_of(statuses_of(contact), "pendingTransfer")
    _check(order)
    changed = _changed(act, contact, order)
    await save_contact(act, "contact.updated", changed, **({"reason": order.reason} if order.reason else {}))
    await tell_contact_change(act, changed, "update", order.reason)


def _check(order: UpdateContact) -> None:
    check_postal(order.postal or {})
    check_phone(order.voice, "voice", may_be_empty=True)
    check_phone(order.fax, "fax", may_be_empty=True)
    if order.email is not None:
        check_email(order.email)
    check_contact_strength(order.auth or "")


def _changed(act: Act, contact: Contact, order: UpdateContact) -> Contact:
    kept = contact.auth_hash
    settable = CONTACT_STATUSES | SERVER_CONTACT_STATUSES if act.caller.may_override else CONTACT_STATUSES
    statuses = changed_statuses(contact.statuses, order.add_statuses, order.rem_statuses, settable)
    return replace(
        contact,
        statuses=statuses,
        status_reasons=changed_reasons(contact.status_reasons, statuses, order.add_statuses, order.reason),
        postal={**contact.postal, **(order.postal or {})},
        voice=contact.voice if order.voice is None else order.voice,
        fax=contact.fax if order.fax is None else order.fax,
        email=contact.email if order.email is None else order.email,
        disclose=contact.disclose if order.disclose is None else order.disclose,
        auth_hash=kept if order.auth is None else hashed(order.auth, new_bytes(SALT_OCTETS)),
        auth_expires_at=_secret_ends(act, contact, order.auth),
        updated_at=act.now,
        updated_by=act.caller.id,
    )


def _secret_ends(act: Act, contact: Contact, auth: str | None) -> datetime | None:
    if auth is None:
        return contact.auth_expires_at
    return act.now + AUTH_LIFE if auth else None
