"""host:info (RFC 5732 section 3.1.2)."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.registrar.permission import not_found
from registry.model.host import Host
from registry.policy.objects.hostname import canonical_host
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
    return host
