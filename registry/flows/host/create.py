"""host:create (RFC 5732 section 3.2.1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from registry.flows.act import Act
from registry.flows.host.addresses import AddressText, parse_addresses
from registry.flows.host.detail import host_detail
from registry.flows.host.parent import parent_of
from registry.flows.registrar.permission import already_exists, may_not_create
from registry.kernel.db import UniqueViolation
from registry.model.answer import CreatedHost
from registry.model.host import Host
from registry.model.snapshot import host_snapshot
from registry.policy.objects.glue import check_glue
from registry.policy.objects.hostname import canonical_host
from registry.policy.objects.ttl import HOST_TYPES, changed_ttls
from registry.store import hosts

__all__ = ["AddressText", "CreateHost", "create_host"]


@dataclass(frozen=True, slots=True)
class CreateHost:
    """``addresses`` only for a host below one of our own names, whose glue they are; ``ttls`` of A and AAAA likewise (RFC 9803)."""

    name: str
    addresses: tuple[AddressText, ...] = ()
    ttls: Mapping[str, int | None] = field(default_factory=dict)


async def create_host(act: Act, order: CreateHost) -> CreatedHost:
    """Create it for the calling registrar.

    Refuses with ``VALUE_INVALID`` (name, address), ``NOT_FOUND`` (no superordinate domain), ``NOT_PERMITTED`` (another
    registrar's domain; a suspended registrar), ``PARAMETER_MISSING`` (a host of ours without an address), ``POLICY_FORBIDS``
    (an outside host with addresses), ``ALREADY_EXISTS``, ``VALUE_OUT_OF_RANGE`` (TTL), ``STATUS_FORBIDS`` (the domain is being deleted
    or under registry lock).
    """
    name = canonical_host(order.name)
    addresses = parse_addresses(order.addresses)
    parent = await parent_of(act, name)
    check_glue(name, addresses, is_internal=parent is not None)
    host = Host(
        roid="",
        name=name,
        registrar_id=act.caller.id,
        created_at=act.now,
        created_by=act.caller.id,
        superordinate=parent.roid if parent else None,
        addresses=addresses,
        ttls=changed_ttls({}, order.ttls, HOST_TYPES),
    )
    try:
        roid = await hosts.add(act.conn, host, act.config.epp.roid_suffix)
    except UniqueViolation:
        raise already_exists("主机", "host", where="name", value=name) from None
    if roid is None:
        raise may_not_create(act)
    host = replace(host, roid=roid)
    detail = host_detail(name, await hosts.users(act.conn, host) if parent else ())
    await act.remember("host.created", roid, host_snapshot(host), detail=detail)
    return CreatedHost(name, roid, act.now)
