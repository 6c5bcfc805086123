"""domain:delete (RFC 5731 section 3.2.2)."""

from registry.epp.answer import Answer
from registry.epp.request import Asked
from registry.epp.results import Code
from registry.flows.domain.delete import DeleteDomain
from registry.model.answer import Deleted


def read_domain_delete(asked: Asked) -> DeleteDomain:
    """Which name."""
    return DeleteDomain(asked.node.text("name"))


def write_domain_delete(asked: Asked, deleted: Deleted, language: str) -> Answer:  # noqa: ARG001  # one signature for all
    """1000 when it is gone, 1001 when it went into redemption."""
    return Answer(Code.PENDING if deleted.is_pending else Code.OK)
