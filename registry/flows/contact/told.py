"""Telling the sponsor what an operator did to its contact (RFC 8590)."""

from typing import Literal

from registry.flows.act import Act
from registry.flows.domain.told import changed_by, did_it_itself
from registry.model.contact import Contact, statuses_of
from registry.model.snapshot import contact_snapshot

Operation = Literal["update", "delete"]
TEXTS = {
    "update": ("注册局修改了联系人 {}", "the registry changed contact {}"),
    "delete": ("注册局删除了联系人 {}", "the registry deleted contact {}"),
}


async def tell_contact_change(act: Act, contact: Contact, operation: Operation, reason: str = "") -> None:
    """Queue the message for the sponsor, unless it did it itself: the contact as it is now, or as it was before it was deleted."""
    if did_it_itself(act, contact.registrar_id):
        return
    zh, en = TEXTS[operation]
    payload = changed_by(act, operation, reason, is_gone=operation == "delete") | {
        "statuses": sorted(statuses_of(contact)),
        "contact": contact_snapshot(contact),
    }
    await act.tell(
        contact.registrar_id, zh.format(contact.id), en.format(contact.id), kind="contact.changed", payload=payload
    )
