"""contact:update (RFC 5733 section 3.2.5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from registry.flows.act import Act
from registry.flows.registrar.permission import not_found, require_sponsor
from registry.kernel.ids import new_bytes
from registry.model.contact import Contact, Disclose, Phone, Postal
from registry.model.snapshot import contact_snapshot
from registry.policy.objects.postal import check_postal
from registry.policy.objects.reach import check_email, check_phone
from registry.policy.objects.secret import SALT_OCTETS, check_contact_strength, hashed
from registry.policy.objects.status import (
    CONTACT_STATUSES,
    UPDATE_LOCK,
    changed_statuses,
    check_something,
    check_unlocked,
)
from registry.store import contacts


@dataclass(frozen=True, slots=True)
class UpdateContact:
    """None leaves a field as it is.

    ``postal`` replaces the forms that it names; ``Phone()`` removes a number; an empty ``auth`` unsets the secret.
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


async def update_contact(act: Act, order: UpdateContact) -> None:
    """Change it.

    Refuses with ``NOT_FOUND``, ``NOT_PERMITTED`` (not the sponsor), ``STATUS_FORBIDS`` (locked), ``VALUE_INVALID`` (a value, or
    a status that cannot be set), ``POLICY_FORBIDS`` (a status added twice or removed though absent; a weak secret).
    """
    check_something(order != UpdateContact(order.id))
    contact = await contacts.lock(act.conn, order.id)
    if contact is None:
        raise not_found("联系人", "contact", where="id", value=order.id)
    require_sponsor(act, contact.registrar_id, where="id", value=order.id)
    check_unlocked(contact.statuses, only_unlocks=order == UpdateContact(order.id, rem_statuses=(UPDATE_LOCK,)))
    _check(order)
    changed = _changed(act, contact, order)
    await contacts.save(act.conn, changed)
    await act.remember("contact.updated", contact.roid, contact_snapshot(changed), detail={"id": order.id})


def _check(order: UpdateContact) -> None:
    check_postal(order.postal or {})
    check_phone(order.voice, "voice", may_be_empty=True)
    check_phone(order.fax, "fax", may_be_empty=True)
    if order.email is not None:
        check_email(order.email)
    check_contact_strength(order.auth or "")


def _changed(act: Act, contact: Contact, order: UpdateContact) -> Contact:
    kept = contact.auth_hash
    return replace(
        contact,
        statuses=changed_statuses(contact.statuses, order.add_statuses, order.rem_statuses, CONTACT_STATUSES),
        postal={**contact.postal, **(order.postal or {})},
        voice=contact.voice if order.voice is None else order.voice,
        fax=contact.fax if order.fax is None else order.fax,
        email=contact.email if order.email is None else order.email,
        disclose=contact.disclose if order.disclose is None else order.disclose,
        auth_hash=kept if order.auth is None else hashed(order.auth, new_bytes(SALT_OCTETS)),
        updated_at=act.now,
        updated_by=act.caller.id,
    )
