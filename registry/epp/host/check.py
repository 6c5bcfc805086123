"""host:check (RFC 5732 section 3.1.1)."""

from collections.abc import Mapping

from registry.epp.answer import Answer
from registry.epp.checks import write_check
from registry.epp.request import Asked
from registry.flows.host.check import CheckHosts
from registry.model.answer import Availability


def read_host_check(asked: Asked) -> CheckHosts:
    """The names in the order of the question."""
    return CheckHosts(asked.node.texts("name"))


def write_host_check(asked: Asked, found: Mapping[str, Availability], language: str) -> Answer:
    """``host:chkData``."""
    return write_check(asked, found, "name", language)
