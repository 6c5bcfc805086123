"""Setting all name servers of a domain at once: what EPP does with host:create, host:update and domain:update."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.domain.info import InfoDomain, info_domain
from registry.flows.domain.update import UpdateDomain, update_domain
from registry.flows.host.addresses import AddressText
from registry.flows.host.create import CreateHost, create_host
from registry.flows.host.info import InfoHost, info_host
from registry.flows.host.update import UpdateHost, update_host
from registry.kernel.errors import Reason, Refusal
from registry.model.answer import DomainView
from registry.model.host import Host


@dataclass(frozen=True, slots=True)
class Server:
    """``name`` is an A-label host name in lower case; ``addresses`` None leaves those of an existing host alone."""

    name: str
    addresses: tuple[AddressText, ...] | None = None


@dataclass(frozen=True, slots=True)
class SetServers:
    """The servers that the domain shall have afterwards; none takes it out of the zone."""

    name: str
    servers: tuple[Server, ...]


async def set_servers(act: Act, order: SetServers) -> DomainView:
    """Create the hosts that do not exist, give them their addresses, and make the domain's servers exactly these.

    Refuses with NOT_PERMITTED (another registrar's domain or host) and as the flows for hosts and domains do; then
    nothing was changed, as everything is one act.
    """
    view = await info_domain(act, InfoDomain(order.name))
    if view.domain.registrar_id != act.caller.id:
        raise Refusal(
            Reason.NOT_PERMITTED, "这个域名不由您管理", "you do not sponsor this domain", where="name", value=order.name
        )
    for server in order.servers:
        await _prepare(act, server)
    before, after = set(view.domain.hosts), {server.name for server in order.servers}
    if before != after:
        change = UpdateDomain(
            view.domain.name, add_hosts=tuple(sorted(after - before)), rem_hosts=tuple(sorted(before - after))
        )
        await update_domain(act, change)
    return await info_domain(act, InfoDomain(view.domain.name))


async def _prepare(act: Act, server: Server) -> None:
    """The host exists afterwards and, when addresses were given, has exactly these."""
    try:
        host = await info_host(act, InfoHost(server.name))
    except Refusal as refusal:
        if refusal.reason is not Reason.NOT_FOUND:
            raise
        await create_host(act, CreateHost(server.name, server.addresses or ()))
        return
    if server.addresses is not None:
        await _change_addresses(act, host, server.addresses)


async def _change_addresses(act: Act, host: Host, wanted: tuple[AddressText, ...]) -> None:
    present = {str(address): AddressText(str(address), f"v{address.version}") for address in host.addresses}
    texts = {address.text for address in wanted}
    added = tuple(address for address in wanted if address.text not in present)
    removed = tuple(address for text, address in sorted(present.items()) if text not in texts)
    if added or removed:
        await update_host(act, UpdateHost(host.name, add_addresses=added, rem_addresses=removed))
