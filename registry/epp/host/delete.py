"""host:delete (RFC 5732 section 3.2.2)."""

from registry.epp.request import Asked
from registry.flows.host.delete import DeleteHost


def read_host_delete(asked: Asked) -> DeleteHost:
    """Which name."""
    return DeleteHost(asked.node.text("name"))
