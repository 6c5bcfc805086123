"""host:info (RFC 5732 section 3.1.2)."""

from registry.epp.answer import Answer, Piece
from registry.epp.fields import write_statuses, written_client
from registry.epp.host.fields import write_address
from registry.epp.markup import moment, optional, root, tag
from registry.epp.namespaces import HOST
from registry.epp.request import Asked
from registry.epp.ttl import write_ttls
from registry.flows.host.info import InfoHost
from registry.model.answer import HostView
from registry.model.host import Host, statuses_of


def read_host_info(asked: Asked) -> InfoHost:
    """Which name."""
    return InfoHost(asked.node.text("name"))


def write_host_info(asked: Asked, view: HostView, language: str) -> Answer:  # noqa: ARG001  # one signature for all
    """``host:infData``, and ``ttl:infData`` when the command asked for it."""
    data = write_host(view.host)
    return Answer(data=data, extensions=write_ttls(asked, view.host.ttls, view.ttl_policy))


def write_host(host: Host) -> Piece:
    """``host:infData``, for this command and for poll messages."""
    data = root(
        "host:infData",
        tag("host:name", host.name),
        tag("host:roid", host.roid),
        *write_statuses("host", statuses_of(host), host.status_reasons),
        *(write_address(address) for address in sorted(host.addresses, key=lambda one: (one.version, int(one)))),
        tag("host:clID", host.registrar_id),
        tag("host:crID", host.created_by),
        moment("host:crDate", host.created_at),
        optional("host:upID", written_client(host.updated_by)),
        moment("host:upDate", host.updated_at),
        moment("host:trDate", host.transferred_at),
    )
    return Piece(HOST, data)
