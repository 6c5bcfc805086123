"""host:update (RFC 5732 section 3.2.5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from registry.flows.act import Act
from registry.flows.host.addresses import AddressText, parse_addresses
from registry.flows.host.detail import host_detail
from registry.flows.host.parent import parent_of
from registry.flows.host.told import tell_host_change
from registry.flows.registrar.permission import already_exists, not_found, require_sponsor
from registry.kernel.db import UniqueViolation
from registry.kernel.errors import Reason, Refusal
from registry.model.host import Address, Host
from registry.model.lock import lock_statuses
from registry.model.snapshot import host_snapshot
from registry.policy.objects.glue import check_glue
from registry.policy.objects.hostname import canonical_host
from registry.policy.objects.status import (
    HOST_STATUSES,
    SERVER_HOST_STATUSES,
    UPDATE_LOCK,
    changed_reasons,
    changed_statuses,
    check_none_of,
    check_something,
    check_unlocked,
)
from registry.policy.objects.ttl import HOST_TYPES, changed_ttls
from registry.store import hosts
from registry.store.hosts import Use


@dataclass(frozen=True, slots=True)
class UpdateHost:
    """``new_name`` renames; None leaves the name as it is. ``ttls`` maps A and AAAA to seconds, or None for the zone's own (RFC 9803).

    ``reason`` is an operator's, told to the sponsor (RFC 8590) and shown with the server statuses that it sets.
    """

    name: str
    add_addresses: tuple[AddressText, ...] = ()
    rem_addresses: tuple[AddressText, ...] = ()
    add_statuses: tuple[str, ...] = ()
    rem_statuses: tuple[str, ...] = ()
    new_name: str | None = None
    ttls: Mapping[str, int | None] = field(default_factory=dict)
    reason: str = ""


async def update_host(act: Act, order: UpdateHost) -> None:
    """Change it.

    Refuses with ``NOT_FOUND`` (host, or the domain above the new name), ``NOT_PERMITTED`` (not the sponsor, or another
    registrar's domain above the new name), ``STATUS_FORBIDS`` (locked; a domain under registry lock lies above it or delegates
    to it), ``LINKED`` (an outside host that other registrars' domains use cannot be renamed), ``VALUE_INVALID``,
    ``PARAMETER_MISSING`` (no address would be left), ``POLICY_FORBIDS`` (added twice, removed though absent, addresses of an
    outside host), ``VALUE_OUT_OF_RANGE`` (TTL), ``ALREADY_EXISTS`` (new name).
    """
    check_something(replace(order, reason="") != UpdateHost(order.name))
    name = canonical_host(order.name)
    new_name = canonical_host(order.new_name) if order.new_name is not None else name
    added, removed = parse_addresses(order.add_addresses), parse_addresses(order.rem_addresses)
    parent = await parent_of(act, new_name) if new_name != name else None  # domains are locked before hosts
    host = await hosts.lock(act.conn, name)
    if host is None:
        raise not_found("主机", "host", where="name", value=name)
    require_sponsor(act, host.registrar_id, where="name", value=name)
    uses = await hosts.users(act.conn, host)
    _check_state(act, host, order, uses)
    moved = _renamed(host, new_name, parent.roid if parent else None, uses) if new_name != name else host
    settable = HOST_STATUSES | SERVER_HOST_STATUSES if act.caller.may_override else HOST_STATUSES
    statuses = changed_statuses(host.statuses, order.add_statuses, order.rem_statuses, settable)
    changed = replace(
        moved,
        addresses=_addresses(host, moved, added, removed),
        statuses=statuses,
        status_reasons=changed_reasons(host.status_reasons, statuses, order.add_statuses, order.reason),
        ttls=changed_ttls(host.ttls, order.ttls, HOST_TYPES) if order.ttls else host.ttls,
        updated_at=act.now,
        updated_by=act.caller.id,
    )
    try:
        await hosts.save(act.conn, changed)
    except UniqueViolation:
        raise already_exists("主机", "host", where="chg/name", value=new_name) from None
    if moved is not host:
        uses = [*uses, *(await hosts.users(act.conn, changed))]
    detail = host_detail(new_name, uses, former_name=name if new_name != name else "")
    said = {"reason": order.reason} if order.reason else {}
    await act.remember("host.updated", host.roid, host_snapshot(changed) | said, detail=detail)
    others = [use.registrar_id for use in uses] if new_name != name else []
    await tell_host_change(act, changed, "update", (host.registrar_id, *others), order.reason)


def _check_state(act: Act, host: Host, order: UpdateHost, uses: list[Use]) -> None:
    """Registry lock binds everybody: above the host, and of a domain that would be answered otherwise by this change."""
    check_none_of(lock_statuses(host.lock, act.now), "serverUpdateProhibited")
    if order.new_name is not None or order.add_addresses or order.rem_addresses:
        for use in uses:
            check_none_of(lock_statuses(use.lock, act.now), "serverUpdateProhibited")
    if not act.caller.may_override:
        check_unlocked(host.statuses, only_unlocks=order == UpdateHost(order.name, rem_statuses=(UPDATE_LOCK,)))


def _renamed(host: Host, new_name: str, parent: str | None, uses: list[Use]) -> Host:
    """RFC 5732 section 3.2.5: the name of an outside host that others use is not the sponsor's alone to change."""
    if host.superordinate is None and any(use.registrar_id != host.registrar_id for use in uses):
        raise Refusal(
            Reason.LINKED,
            "其他注册服务机构的域名正在使用这台主机，不能改名",
            "domains of other registrars use this host, so it cannot be renamed",
            where="chg/name",
            value=new_name,
        )
    return replace(host, name=new_name, superordinate=parent)


def _addresses(host: Host, moved: Host, added: frozenset[Address], removed: frozenset[Address]) -> frozenset[Address]:
    """The addresses after the change; a host that moves out of our zones leaves its glue behind."""
    for address in sorted(added & host.addresses, key=str):
        raise _forbidden(address, "主机已有这个地址", "the host has this address already")
    for address in sorted(removed - host.addresses, key=str):
        raise _forbidden(address, "主机没有这个地址，不能去掉", "the host does not have this address")
    is_internal = moved.superordinate is not None
    kept = host.addresses if is_internal else frozenset()
    left = (kept | added) - removed
    moves_in = is_internal and host.superordinate is None
    if left or not moves_in or host.is_linked:  # an unused host may move in first and be given addresses afterwards
        check_glue(moved.name, left, is_internal=is_internal)
    return left


def _forbidden(address: Address, zh: str, en: str) -> Refusal:
    return Refusal(Reason.POLICY_FORBIDS, zh, en, where="addr", value=str(address))
