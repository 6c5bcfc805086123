"""domain:update (RFC 5731 section 3.2.5, RFC 5910 section 5.2.5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from registry.flows.act import Act
from registry.flows.domain.changes import changed_signers, check_present
from registry.flows.domain.proof import prove
from registry.flows.domain.referents import check_contacts, check_host_count, host_names, usable_servers
from registry.flows.domain.saving import save
from registry.flows.domain.settle import open_for_change
from registry.flows.domain.told import tell_change
from registry.flows.registrar.permission import not_found, require_sponsor
from registry.kernel.db import ForeignKeyViolation
from registry.kernel.ids import new_bytes
from registry.model.answer import Updated
from registry.model.domain import DelegationKey, DelegationSigner, Domain, statuses_at
from registry.model.lock import lock_statuses
from registry.model.verification import PresentedCode
from registry.model.zone import Zone
from registry.policy.objects.secret import AUTH_LIFE, SALT_OCTETS, check_strength, hashed
from registry.policy.objects.signer import check_agreement
from registry.policy.objects.status import (
    DOMAIN_STATUSES,
    SERVER_STATUSES,
    UPDATE_LOCK,
    changed_reasons,
    changed_statuses,
    check_none_of,
    check_something,
    check_unlocked,
)
from registry.policy.objects.ttl import DOMAIN_TYPES, changed_ttls
from registry.store import contacts, domains, hosts
from registry.store.domains import Links


@dataclass(frozen=True, slots=True)
class UpdateDomain:
    """None leaves a field as it is.

    ``signer_keys`` are keys that came with some of ``add_signers``: they must agree, and are not kept.
    ``rem_all_signers`` is ``secDNS:rem/secDNS:all``; what is removed goes before what is added comes (RFC 5910 section 5.2.5).
    An empty ``auth`` unsets the secret (RFC 9154). ``reason`` is an operator's, told to the sponsor (RFC 8590) and shown with the server
    statuses that it sets. ``ttls`` maps NS and DS to seconds, or to None for the zone's own (RFC 9803). ``codes`` prove the body of a name
    that was created on a grace, or once more.
    """

    name: str
    add_hosts: tuple[str, ...] = ()
    rem_hosts: tuple[str, ...] = ()
    add_contacts: frozenset[tuple[str, str]] = frozenset()
    rem_contacts: frozenset[tuple[str, str]] = frozenset()
    add_statuses: tuple[str, ...] = ()
    rem_statuses: tuple[str, ...] = ()
    add_signers: tuple[DelegationSigner, ...] = ()
    signer_keys: tuple[tuple[DelegationSigner, DelegationKey], ...] = ()
    rem_signers: tuple[DelegationSigner, ...] = ()
    rem_all_signers: bool = False
    registrant: str | None = None
    auth: str | None = field(default=None, repr=False)
    reason: str = ""
    ttls: Mapping[str, int | None] = field(default_factory=dict)
    codes: tuple[PresentedCode, ...] = ()


async def update_domain(act: Act, order: UpdateDomain) -> Updated:
    """Change it.

    Refuses with ``NOT_FOUND`` (domain, host, contact), ``NOT_PERMITTED`` (not the sponsor), ``STATUS_FORBIDS`` (locked, by an operator's
    registry lock too, which binds operators as well; pending), ``POLICY_FORBIDS`` (added though there, removed though absent; a host of
    ours without address; weak secret), ``VALUE_INVALID``, ``VALUE_OUT_OF_RANGE`` (DS, TTL), ``DATA_POLICY``, ``PARAMETER_MISSING``
    (nothing to change), ``VERIFICATION_INVALID``, ``NAME_REFUSED`` (codes).
    """
    check_something(replace(order, reason="") != UpdateDomain(order.name))
    domain, zone = await open_for_change(act, order.name)
    require_sponsor(act, domain.registrar_id, where="name", value=order.name)
    _check_state(act, domain, order)
    check_strength(order.auth or "")
    for signer, key in order.signer_keys:
        check_agreement(order.name, signer, key)
    proved = await prove(act, domain, zone, order.codes) if order.codes else domain
    changed = _changed(act, proved, order)
    removed, added = await _links(act, domain, order, zone)
    await save(act, "domain.updated", changed, **({"reason": order.reason} if order.reason else {}))
    await tell_change(act, changed, "update", order.reason)
    if removed:
        await domains.unlink(act.conn, domain.roid, removed)
    try:
        if added:
            await domains.link(act.conn, domain.roid, added)
    except ForeignKeyViolation:
        raise not_found("联系人或主机", "contact or host (any more)", where="name", value=order.name) from None
    return Updated(domain.name, domain.members)


def _check_state(act: Act, domain: Domain, order: UpdateDomain) -> None:
    check_none_of(statuses_at(domain, act.now), "pendingDelete", "pendingTransfer")
    check_none_of(lock_statuses(domain.lock, act.now), "serverUpdateProhibited")
    if not act.caller.may_override:
        check_unlocked(domain.statuses, only_unlocks=order == UpdateDomain(order.name, rem_statuses=(UPDATE_LOCK,)))


def _changed(act: Act, domain: Domain, order: UpdateDomain) -> Domain:
    """The domain after the change; every part is checked against what it was."""
    settable = DOMAIN_STATUSES | SERVER_STATUSES if act.caller.may_override else DOMAIN_STATUSES
    add_hosts, rem_hosts = host_names(order.add_hosts), host_names(order.rem_hosts)
    check_present("hostObj", domain.hosts, add_hosts, rem_hosts)
    check_present("contact", domain.contacts, order.add_contacts, order.rem_contacts)
    served = tuple(sorted((set(domain.hosts) | set(add_hosts)) - set(rem_hosts)))
    check_host_count(len(served))
    auth_hash, auth_expires_at = _secret(act, domain, order.auth)
    statuses = changed_statuses(domain.statuses, order.add_statuses, order.rem_statuses, settable)
    return replace(
        domain,
        hosts=served,
        contacts=(domain.contacts | order.add_contacts) - order.rem_contacts,
        statuses=statuses,
        status_reasons=changed_reasons(domain.status_reasons, statuses, order.add_statuses, order.reason),
        ttls=changed_ttls(domain.ttls, order.ttls, DOMAIN_TYPES) if order.ttls else domain.ttls,
        signers=changed_signers(domain.signers, order.add_signers, order.rem_signers, remove_all=order.rem_all_signers),
        registrant_id=domain.registrant_id if order.registrant is None else order.registrant,
        updated_at=act.now,
        updated_by=act.caller.id,
        auth_hash=auth_hash,
        auth_expires_at=auth_expires_at,
    )


def _secret(act: Act, domain: Domain, auth: str | None) -> tuple[str, datetime | None]:
    if auth is None:
        return domain.auth_hash, domain.auth_expires_at
    return hashed(auth, new_bytes(SALT_OCTETS)), act.now + AUTH_LIFE if auth else None


async def _links(act: Act, domain: Domain, order: UpdateDomain, zone: Zone) -> tuple[Links, Links]:
    """What to untie and what to tie."""
    add_hosts = host_names(order.add_hosts)
    servers = await hosts.share(act.conn, add_hosts) if add_hosts else {}
    roids = usable_servers(add_hosts, servers)
    wanted = {identifier for _, identifier in order.add_contacts} | ({order.registrant} if order.registrant else set())
    if order.add_contacts or order.registrant is not None:
        known = await contacts.known(act.conn, wanted)
        check_contacts(order.registrant, order.add_contacts, known, zone)
    rem_signers = domain.signers if order.rem_all_signers else order.rem_signers
    removed = Links(host_names(order.rem_hosts), tuple(sorted(order.rem_contacts)), rem_signers)
    return removed, Links(roids, tuple(sorted(order.add_contacts)), order.add_signers)
