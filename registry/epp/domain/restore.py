"""rgp:restore inside domain:update (RFC 3915 section 4.2.5): a deleted name comes back.

The register keeps the history that a restore report would tell, so a request restores at once and no report is taken.
"""

from registry.epp.domain.update import read_domain_update
from registry.epp.namespaces import RGP
from registry.epp.request import Asked
from registry.flows.act import Act
from registry.flows.domain.restore import RestoreDomain, restore_domain
from registry.flows.domain.update import UpdateDomain, update_domain
from registry.kernel.errors import Reason, Refusal

RESTORE = (RGP, "update")


def read_change_or_restore(asked: Asked) -> UpdateDomain | RestoreDomain:
    """A restore when the extension asks for one; it may then change nothing else."""
    update = asked.extensions.get(RESTORE)
    order = read_domain_update(asked)
    if update is None:
        return order
    if order != UpdateDomain(order.name):
        raise Refusal(
            Reason.SYNTAX_INVALID,
            "恢复命令不能同时要求其他变更",
            "a restore cannot ask for other changes at the same time",
        )
    restore = update.child("restore")
    if restore is None or restore.attribute("op") == "report":
        raise Refusal(
            Reason.STATUS_FORBIDS,
            "没有待报告的恢复：恢复申请即时生效，无需提交报告",
            "no restore waits for a report: a restore request takes effect at once",
            where="rgp:report",
        )
    return RestoreDomain(order.name)


async def change_or_restore(act: Act, order: UpdateDomain | RestoreDomain) -> None:
    """Carry out either."""
    if isinstance(order, RestoreDomain):
        await restore_domain(act, order)
    else:
        await update_domain(act, order)
