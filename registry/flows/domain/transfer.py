"""domain:transfer (RFC 5731 sections 3.1.3 and 3.2.4)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Literal

from registry.flows.act import Act
from registry.flows.domain.following import hosts_follow
from registry.flows.domain.info import check_auth
from registry.flows.domain.notice import tell_transfer
from registry.flows.domain.saving import save
from registry.flows.domain.settle import open_for_change
from registry.flows.registrar.permission import is_sponsor, may_not_create, require_sponsor
from registry.flows.token.use import token_missing, use_token
from registry.kernel.errors import Reason, Refusal
from registry.model.answer import TransferState
from registry.model.domain import Domain, Transfer, statuses_at
from registry.model.life import transferred
from registry.model.registrar import RegistrarStatus
from registry.model.zone import Zone
from registry.policy.objects.period import extended
from registry.policy.objects.status import check_none_of
from registry.store import registrars, tokens
from registry.store.tokens import Use


@dataclass(frozen=True, slots=True)
class TransferDomain:
    """``years`` None takes the zone's default; ``token`` is an allocation token (RFC 8495). Only ``request`` uses them."""

    operation: Literal["request", "query", "approve", "reject", "cancel"]
    name: str
    years: int | None = None
    auth: str | None = field(default=None, repr=False)
    token: str = field(default="", repr=False)


async def transfer_domain(act: Act, order: TransferDomain) -> TransferState:
    """Ask for, look at, or decide a transfer.

    Refuses with ``NOT_FOUND``, ``AUTHINFO_WRONG`` (request; query by a third party), ``NOT_TRANSFERABLE`` (own domain),
    ``TRANSFER_PENDING``, ``TRANSFER_NOT_PENDING``, ``NOT_PERMITTED`` (approve and reject are the sponsor's, cancel the gaining
    registrar's; a suspended registrar asks for nothing; a transfer that wants an allocation token without the one for it),
    ``STATUS_FORBIDS``, ``VALUE_OUT_OF_RANGE`` (period).
    """
    domain, zone = await open_for_change(act, order.name)
    return await OPERATIONS[order.operation](act, order, domain, zone)


async def _request(act: Act, order: TransferDomain, domain: Domain, zone: Zone) -> TransferState:
    await _check_request(act, order, domain)
    years = zone.default_years if order.years is None else order.years
    expires_at = extended(domain.expires_at, years, act.now)
    await _show_token(act, order, domain)
    transfer = Transfer(act.caller.id, domain.registrar_id, act.now, act.now + zone.transfer_pending, years)
    asked = replace(domain, transfer=transfer)
    await _write(act, asked, "domain.updated")
    await tell_transfer(act, replace(asked, expires_at=expires_at), transfer, "pending", (domain.registrar_id,))
    return TransferState(domain.name, "pending", transfer, expires_at, domain.members)


async def _show_token(act: Act, order: TransferDomain, domain: Domain) -> None:
    """A token that is shown must fit; one that is alive for the transfer of the name must be shown (RFC 8495 section 3.2.4)."""
    if order.token:
        use = Use(order.token, "transfer", act.caller.id, domain.tld, domain.index_label, domain.roid, act.now)
        await use_token(act, use)
    elif await tokens.live_transfer(act.conn, domain.tld, domain.index_label, act.now):
        raise token_missing()


async def _check_request(act: Act, order: TransferDomain, domain: Domain) -> None:
    registrar = await registrars.find(act.conn, act.caller.id) if act.caller.kind == "registrar" else None
    if registrar is None or registrar.status is not RegistrarStatus.ACTIVE:
        raise may_not_create(act)
    if is_sponsor(act, domain.registrar_id):
        zh, en = "域名已经在您名下管理，无需转移", "you sponsor this domain already"
        raise Refusal(Reason.NOT_TRANSFERABLE, zh, en, where="name", value=order.name)
    if domain.transfer:
        zh, en = "域名已有待决的转移", "a transfer of this domain is pending already"
        raise Refusal(Reason.TRANSFER_PENDING, zh, en, where="name", value=order.name)
    check_auth(act, domain, order.auth)
    forbidding = ("clientTransferProhibited", "serverTransferProhibited", "pendingDelete")
    check_none_of(statuses_at(domain, act.now), *forbidding)


async def _query(act: Act, order: TransferDomain, domain: Domain, _zone: Zone) -> TransferState:
    transfer = _pending(domain)
    if act.caller.id not in (transfer.gaining, transfer.losing) and not act.caller.may_override:
        check_auth(act, domain, order.auth)
    expires_at = extended(domain.expires_at, transfer.years, transfer.requested_at)
    return TransferState(domain.name, "pending", transfer, expires_at, domain.members)


async def _approve(act: Act, order: TransferDomain, domain: Domain, zone: Zone) -> TransferState:
    transfer = replace(_pending(domain), acts_at=act.now)
    require_sponsor(act, domain.registrar_id, where="name", value=order.name)
    moved = transferred(domain, act.now, zone)
    await _write(act, moved, "domain.transferred")
    await hosts_follow(act, moved, act.now)
    status = "clientApproved" if is_sponsor(act, transfer.losing) else "serverApproved"
    await tell_transfer(act, moved, transfer, status, (transfer.gaining, transfer.losing))
    return TransferState(domain.name, status, transfer, moved.expires_at, domain.members)


async def _reject(act: Act, order: TransferDomain, domain: Domain, _zone: Zone) -> TransferState:
    _pending(domain)
    require_sponsor(act, domain.registrar_id, where="name", value=order.name)
    return await _ended(act, domain, "clientRejected" if is_sponsor(act, domain.registrar_id) else "serverCancelled")


async def _cancel(act: Act, order: TransferDomain, domain: Domain, _zone: Zone) -> TransferState:
    gaining = _pending(domain).gaining
    require_sponsor(act, gaining, where="name", value=order.name)
    return await _ended(act, domain, "clientCancelled" if is_sponsor(act, gaining) else "serverCancelled")


async def _ended(act: Act, domain: Domain, status: str) -> TransferState:
    transfer = replace(_pending(domain), acts_at=act.now)
    await _write(act, replace(domain, transfer=None), "domain.updated")
    await tell_transfer(act, domain, transfer, status, OTHERS[status](transfer))
    return TransferState(domain.name, status, transfer, None, domain.members)


async def _write(act: Act, domain: Domain, kind: str) -> None:
    changed = replace(domain, updated_at=act.now, updated_by=act.caller.id)
    await save(act, kind, changed)


def _pending(domain: Domain) -> Transfer:
    if domain.transfer is None:
        zh, en = "域名没有待决的转移", "no transfer of this domain is pending"
        raise Refusal(Reason.TRANSFER_NOT_PENDING, zh, en, where="name", value=domain.name)
    return domain.transfer


# Who did not do it himself and hears of it by poll.
OTHERS: dict[str, Callable[[Transfer], tuple[str, ...]]] = {
    "clientRejected": lambda transfer: (transfer.gaining,),
    "clientCancelled": lambda transfer: (transfer.losing,),
    "serverCancelled": lambda transfer: (transfer.gaining, transfer.losing),
}
Operation = Callable[[Act, TransferDomain, Domain, Zone], Awaitable[TransferState]]
OPERATIONS: dict[str, Operation] = {
    "request": _request,
    "query": _query,
    "approve": _approve,
    "reject": _reject,
    "cancel": _cancel,
}
