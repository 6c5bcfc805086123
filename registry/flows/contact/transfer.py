"""contact:transfer (RFC 5733 sections 3.1.3 and 3.2.4)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Literal

from registry.flows.act import Act
from registry.flows.contact.info import check_contact_auth
from registry.flows.contact.notice import tell_contact_transfer
from registry.flows.contact.settle import open_contact, save_contact
from registry.flows.registrar.permission import is_sponsor, may_not_create, require_sponsor
from registry.kernel.errors import Reason, Refusal
from registry.model.answer import TransferState
from registry.model.contact import Contact, moved_contact
from registry.model.domain import Transfer
from registry.model.registrar import RegistrarStatus
from registry.policy.objects.status import check_none_of
from registry.store import registrars

PENDING = timedelta(days=5)  # as long as a domain's: contacts mostly move along with one


@dataclass(frozen=True, slots=True)
class TransferContact:
    """Only ``request`` needs ``auth``, and ``query`` by a third party."""

    operation: Literal["request", "query", "approve", "reject", "cancel"]
    id: str
    auth: str | None = field(default=None, repr=False)


async def transfer_contact(act: Act, order: TransferContact) -> TransferState:
    """Ask for, look at, or decide a transfer. The domains that use the contact go on using it, whoever sponsors it.

    Refuses with ``NOT_FOUND``, ``AUTHINFO_WRONG`` (request; query by a third party), ``NOT_TRANSFERABLE`` (own contact),
    ``TRANSFER_PENDING``, ``TRANSFER_NOT_PENDING``, ``NOT_PERMITTED`` (approve and reject are the sponsor's, cancel the gaining
    registrar's; a suspended registrar asks for nothing), ``STATUS_FORBIDS``.
    """
    contact = await open_contact(act, order.id)
    return await OPERATIONS[order.operation](act, order, contact)


async def _request(act: Act, order: TransferContact, contact: Contact) -> TransferState:
    registrar = await registrars.find(act.conn, act.caller.id) if act.caller.kind == "registrar" else None
    if registrar is None or registrar.status is not RegistrarStatus.ACTIVE:
        raise may_not_create(act)
    if is_sponsor(act, contact.registrar_id):
        zh, en = "联系人已经在您名下管理，无需转移", "you sponsor this contact already"
        raise Refusal(Reason.NOT_TRANSFERABLE, zh, en, where="id", value=order.id)
    if contact.transfer:
        zh, en = "联系人已有待决的转移", "a transfer of this contact is pending already"
        raise Refusal(Reason.TRANSFER_PENDING, zh, en, where="id", value=order.id)
    check_contact_auth(act, contact, order.auth)
    check_none_of(contact.statuses, "clientTransferProhibited", "serverTransferProhibited")
    transfer = Transfer(act.caller.id, contact.registrar_id, act.now, act.now + PENDING, years=0)
    await _write(act, replace(contact, transfer=transfer), "contact.updated")
    await tell_contact_transfer(act, contact.id, transfer, "pending", (contact.registrar_id,))
    return TransferState(contact.id, "pending", transfer, None)


async def _query(act: Act, order: TransferContact, contact: Contact) -> TransferState:
    transfer = _pending(contact)
    if act.caller.id not in (transfer.gaining, transfer.losing) and not act.caller.may_override:
        check_contact_auth(act, contact, order.auth)
    return TransferState(contact.id, "pending", transfer, None)


async def _approve(act: Act, order: TransferContact, contact: Contact) -> TransferState:
    transfer = replace(_pending(contact), acts_at=act.now)
    require_sponsor(act, contact.registrar_id, where="id", value=order.id)
    await _write(act, moved_contact(contact, act.now), "contact.transferred")
    status = "clientApproved" if is_sponsor(act, transfer.losing) else "serverApproved"
    await tell_contact_transfer(act, contact.id, transfer, status, (transfer.gaining, transfer.losing))
    return TransferState(contact.id, status, transfer, None)


async def _reject(act: Act, order: TransferContact, contact: Contact) -> TransferState:
    transfer = _pending(contact)
    require_sponsor(act, contact.registrar_id, where="id", value=order.id)
    if is_sponsor(act, contact.registrar_id):
        return await _ended(act, contact, "clientRejected", (transfer.gaining,))
    return await _ended(act, contact, "serverCancelled", (transfer.gaining, transfer.losing))


async def _cancel(act: Act, order: TransferContact, contact: Contact) -> TransferState:
    transfer = _pending(contact)
    require_sponsor(act, transfer.gaining, where="id", value=order.id)
    if is_sponsor(act, transfer.gaining):
        return await _ended(act, contact, "clientCancelled", (transfer.losing,))
    return await _ended(act, contact, "serverCancelled", (transfer.gaining, transfer.losing))


async def _ended(act: Act, contact: Contact, status: str, told: tuple[str, ...]) -> TransferState:
    transfer = replace(_pending(contact), acts_at=act.now)
    await _write(act, replace(contact, transfer=None), "contact.updated")
    await tell_contact_transfer(act, contact.id, transfer, status, told)
    return TransferState(contact.id, status, transfer, None)


async def _write(act: Act, contact: Contact, kind: str) -> None:
    await save_contact(act, kind, replace(contact, updated_at=act.now, updated_by=act.caller.id))


def _pending(contact: Contact) -> Transfer:
    if contact.transfer is None:
        zh, en = "联系人没有待决的转移", "no transfer of this contact is pending"
        raise Refusal(Reason.TRANSFER_NOT_PENDING, zh, en, where="id", value=contact.id)
    return contact.transfer


Operation = Callable[[Act, TransferContact, Contact], Awaitable[TransferState]]
OPERATIONS: dict[str, Operation] = {
    "request": _request,
    "query": _query,
    "approve": _approve,
    "reject": _reject,
    "cancel": _cancel,
}
