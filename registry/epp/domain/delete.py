"""domain:delete (RFC 5731 section 3.2.2), and taking an application back (RFC 8334 section 3.4.3)."""

from registry.epp.answer import Answer
from registry.epp.domain.bundles import write_bundle
from registry.epp.domain.launching import DELETE, read_application
from registry.epp.request import Asked
from registry.epp.results import Code
from registry.flows.act import Act
from registry.flows.domain.delete import DeleteDomain, delete_domain
from registry.flows.domain.pending import WithdrawPending, withdraw_pending
from registry.model.answer import Deleted


def read_domain_delete(asked: Asked) -> DeleteDomain | WithdrawPending:
    """Which name, or which application."""
    name = asked.node.text("name")
    is_application, application_id = read_application(asked, DELETE)
    return WithdrawPending(name, application_id) if is_application else DeleteDomain(name)


async def delete_or_withdraw(act: Act, order: DeleteDomain | WithdrawPending) -> Deleted:
    """Carry out either."""
    if isinstance(order, WithdrawPending):
        return await withdraw_pending(act, order)
    return await delete_domain(act, order)


def write_domain_delete(asked: Asked, deleted: Deleted, language: str) -> Answer:  # noqa: ARG001  # one signature for all
    """1000 when it is gone, 1001 when it went into redemption."""
    return Answer(Code.PENDING if deleted.is_pending else Code.OK, extensions=write_bundle(deleted.members, "delData"))
