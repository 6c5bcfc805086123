"""host:delete (RFC 5732 section 3.2.2)."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.host.detail import host_detail
from registry.flows.host.told import tell_host_change
from registry.flows.registrar.permission import not_found, require_sponsor
from registry.kernel.db import ForeignKeyViolation
from registry.kernel.errors import Reason, Refusal
from registry.model.host import locked_host
from registry.model.snapshot import host_snapshot
from registry.policy.objects.hostname import canonical_host
from registry.policy.objects.status import check_none_of
from registry.store import hosts


@dataclass(frozen=True, slots=True)
class DeleteHost:
    """Which one."""

    name: str


async def delete_host(act: Act, order: DeleteHost) -> None:
    """Delete it at once.

    Refuses with ``NOT_FOUND``, ``NOT_PERMITTED`` (not the sponsor), ``STATUS_FORBIDS``, ``LINKED`` (a domain delegates to it).
    """
    name = canonical_host(order.name)
    host = await hosts.lock(act.conn, name)
    if host is None:
        raise not_found("主机", "host", where="name", value=name)
    require_sponsor(act, host.registrar_id, where="name", value=name)
    check_none_of(locked_host(host, act.now).statuses, "clientDeleteProhibited", "serverDeleteProhibited")
    if host.is_linked:
        raise _linked(name)
    detail = host_detail(name, await hosts.users(act.conn, host))
    try:
        await hosts.remove(act.conn, host.roid)
    except ForeignKeyViolation:
        raise _linked(name) from None
    await act.remember("host.deleted", host.roid, host_snapshot(host), detail=detail)
    await tell_host_change(act, host, "delete", (host.registrar_id,))


def _linked(name: str) -> Refusal:
    return Refusal(
        Reason.LINKED,
        "仍有域名使用这台主机，请先在域名上更换主机",
        "domains still delegate to this host; change their hosts first",
        where="name",
        value=name,
    )
