"""contact:delete (RFC 5733 section 3.2.2)."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.contact.settle import open_contact
from registry.flows.contact.told import tell_contact_change
from registry.flows.registrar.permission import require_sponsor
from registry.kernel.db import ForeignKeyViolation
from registry.kernel.errors import Reason, Refusal
from registry.model.contact import statuses_of
from registry.model.snapshot import contact_snapshot
from registry.policy.objects.status import check_none_of
from registry.store import contacts


@dataclass(frozen=True, slots=True)
class DeleteContact:
    """Which one."""

    id: str


async def delete_contact(act: Act, order: DeleteContact) -> None:
    """Delete it at once.

    Refuses with ``NOT_FOUND``, ``NOT_PERMITTED`` (not the sponsor), ``STATUS_FORBIDS``, ``LINKED`` (a domain uses it).
    """
    contact = await open_contact(act, order.id)
    require_sponsor(act, contact.registrar_id, where="id", value=order.id)
    check_none_of(statuses_of(contact), "clientDeleteProhibited", "serverDeleteProhibited", "pendingTransfer")
    if contact.is_linked:
        raise _linked(order.id)
    try:
        await contacts.remove(act.conn, contact.roid)
    except ForeignKeyViolation:
        raise _linked(order.id) from None
    await act.remember("contact.deleted", contact.roid, contact_snapshot(contact), detail={"id": order.id})
    await tell_contact_change(act, contact, "delete")


def _linked(contact_id: str) -> Refusal:
    return Refusal(
        Reason.LINKED,
        "仍有域名使用这个联系人，请先在域名上更换联系人",
        "domains still use this contact; change their contacts first",
        where="id",
        value=contact_id,
    )
