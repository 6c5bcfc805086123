"""host:update (RFC 5732 section 3.2.5)."""

from registry.epp.fields import read_statuses
from registry.epp.host.fields import read_addresses
from registry.epp.request import Asked
from registry.epp.ttl import UPDATE, read_ttls
from registry.flows.host.update import UpdateHost
from registry.kernel.errors import Reason, Refusal


def read_host_update(asked: Asked) -> UpdateHost:
    """The order; ``PARAMETER_MISSING`` when the command changes nothing at all."""
    node = asked.node
    added, removed, changed = node.child("add"), node.child("rem"), node.child("chg")
    order = UpdateHost(
        node.text("name"),
        read_addresses(added),
        read_addresses(removed),
        read_statuses(added),
        read_statuses(removed),
        changed.text("name") if changed is not None else None,
        read_ttls(asked, UPDATE),
    )
    if order == UpdateHost(order.name):
        raise Refusal(Reason.PARAMETER_MISSING, "命令没有要求任何变更", "the command asks for no change")
    return order
