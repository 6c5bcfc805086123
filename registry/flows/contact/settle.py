"""Writing down what time did to a contact: the job's act, and the first step of every other."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.contact.notice import tell_contact_transfer
from registry.flows.registrar.permission import not_found
from registry.model.contact import Contact, contact_as_of
from registry.model.snapshot import contact_snapshot
from registry.store import contacts


@dataclass(frozen=True, slots=True)
class SettleContact:
    """Which one."""

    id: str


async def settle_contact(act: Act, order: SettleContact) -> bool:
    """Write down a transfer that nobody answered. False when there was nothing to write. Refuses with ``NOT_FOUND``."""
    before = await contacts.lock(act.conn, order.id)
    if before is None:
        raise not_found("联系人", "contact", where="id", value=order.id)
    return await _settled(act, before) is not before


async def open_contact(act: Act, contact_id: str) -> Contact:
    """The contact as it is now, locked until the act ends, with what time did to it written down. ``NOT_FOUND``."""
    contact = await contacts.lock(act.conn, contact_id)
    if contact is None:
        raise not_found("联系人", "contact", where="id", value=contact_id)
    return await _settled(act, contact)


async def save_contact(act: Act, kind: str, contact: Contact, **more: str) -> None:
    """Write everything of it that can change, with history, audit entry and change row."""
    await contacts.save(act.conn, contact)
    await act.remember(kind, contact.roid, contact_snapshot(contact) | more, detail={"id": contact.id})


async def _settled(act: Act, contact: Contact) -> Contact:
    now = contact_as_of(contact, act.now)
    if now == contact or contact.transfer is None:
        return contact
    await save_contact(act, "contact.transferred", now)
    both = (contact.transfer.losing, contact.transfer.gaining)
    await tell_contact_transfer(act, contact.id, contact.transfer, "serverApproved", both)
    return now
