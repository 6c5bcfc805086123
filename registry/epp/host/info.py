"""host:info (RFC 5732 section 3.1.2)."""

from registry.epp.answer import Answer, Piece
from registry.epp.fields import written_client
from registry.epp.host.fields import write_address
from registry.epp.markup import element, moment, optional, root, tag
from registry.epp.namespaces import HOST
from registry.epp.request import Asked
from registry.flows.host.info import InfoHost
from registry.model.host import Host, statuses_of


def read_host_info(asked: Asked) -> InfoHost:
    """Which name."""
    return InfoHost(asked.node.text("name"))


def write_host_info(asked: Asked, host: Host, language: str) -> Answer:  # noqa: ARG001  # one signature for all
    """``host:infData``."""
    data = root(
        "host:infData",
        tag("host:name", host.name),
        tag("host:roid", host.roid),
        *(element("host:status", s=status) for status in sorted(statuses_of(host))),
        *(write_address(address) for address in sorted(host.addresses, key=lambda one: (one.version, int(one)))),
        tag("host:clID", host.registrar_id),
        tag("host:crID", host.created_by),
        moment("host:crDate", host.created_at),
        optional("host:upID", written_client(host.updated_by)),
        moment("host:upDate", host.updated_at),
        moment("host:trDate", host.transferred_at),
    )
    return Answer(data=Piece(HOST, data))
