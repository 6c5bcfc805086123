"""host:create (RFC 5732 section 3.2.1)."""

from registry.epp.answer import Answer, Piece
from registry.epp.host.fields import read_addresses
from registry.epp.markup import moment, root, tag
from registry.epp.namespaces import HOST
from registry.epp.request import Asked
from registry.epp.ttl import CREATE, read_ttls
from registry.flows.host.create import CreateHost
from registry.model.answer import CreatedHost


def read_host_create(asked: Asked) -> CreateHost:
    """The name and its glue."""
    return CreateHost(asked.node.text("name"), read_addresses(asked.node), read_ttls(asked, CREATE))


def write_host_create(asked: Asked, created: CreatedHost, language: str) -> Answer:  # noqa: ARG001  # one signature for all
    """``host:creData``."""
    data = root("host:creData", tag("host:name", created.name), moment("host:crDate", created.created_at))
    return Answer(data=Piece(HOST, data))
