"""host:info (RFC 5732 section 3.1.2)."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.registrar.permission import not_found
from registry.model.answer import HostView
from registry.model.host import Host, locked_host
from registry.policy.objects.hostname import canonical_host
from registry.policy.objects.ttl import HOST_TYPES, ttl_policy
from registry.store import hosts


@dataclass(frozen=True, slots=True)
class InfoHost:
    """Which one, in any case."""

    name: str


async def info_host(act: Act, order: InfoHost) -> Host:
    """The host; everybody may see it. ``registry.model.host.statuses_of`` gives its statuses.

    Refuses with ``VALUE_INVALID`` (no host name), ``NOT_FOUND``.
    """
    host = await hosts.find(act.conn, canonical_host(order.name))
    if host is None:
        raise not_found("主机", "host", where="name", value=order.name)
    return locked_host(host, act.now)


async def view_host(act: Act, order: InfoHost) -> HostView:
    """The same with the TTLs that may be chosen for it (RFC 9803)."""
    return HostView(await info_host(act, order), ttl_policy(HOST_TYPES, act.config.dns.ttl))
