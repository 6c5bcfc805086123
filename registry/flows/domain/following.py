"""Hosts go with the domain that they lie under (RFC 5731 section 3.2.4, RFC 5732 section 2.4)."""

from datetime import datetime

from registry.flows.act import Act
from registry.flows.host.detail import host_detail
from registry.model.domain import Domain
from registry.model.snapshot import host_snapshot
from registry.store import hosts


async def hosts_follow(act: Act, domain: Domain, at: datetime) -> None:
    """Give every host below the domain to its new sponsor, each with its own history."""
    for name in await hosts.move_subordinates(act.conn, domain.roid, domain.registrar_id, at):
        host = await hosts.find(act.conn, name)
        if host:
            detail = host_detail(name, await hosts.users(act.conn, host))
            await act.remember("host.transferred", host.roid, host_snapshot(host), detail=detail)
