"""rgp:restore inside domain:update (RFC 3915 section 4.2.5): a deleted name comes back; and the report of it."""

from datetime import datetime

from registry.epp.answer import Answer, Piece
from registry.epp.domain.bundles import write_bundle
from registry.epp.domain.update import read_domain_update
from registry.epp.fields import read_instant
from registry.epp.markup import element, root
from registry.epp.namespaces import RGP
from registry.epp.request import Asked
from registry.epp.xml_node import Node
from registry.flows.act import Act
from registry.flows.domain.restore import ReportRestore, RestoreDomain, report_restore, restore_domain
from registry.flows.domain.update import UpdateDomain, update_domain
from registry.kernel.errors import Reason, Refusal
from registry.model.answer import Updated

RESTORE = (RGP, "update")
WORDS = ("preData", "postData", "resReason", "other")  # parts of a report that are kept as text


def read_change_or_restore(asked: Asked) -> UpdateDomain | RestoreDomain | ReportRestore:
    """A restore or its report when the extension holds one; it may then change nothing else."""
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
    report = restore.child("report") if restore is not None else None
    if restore is None or restore.attribute("op") != "report":
        return RestoreDomain(order.name)
    if report is None:
        raise Refusal(Reason.PARAMETER_MISSING, "缺少恢复报告", "the restore report is missing", where="rgp:report")
    return _report(order.name, report)


def _report(name: str, report: Node) -> ReportRestore:
    times = {part: _instant(report, part) for part in ("delTime", "resTime")}
    kept: dict[str, object] = {part: at.isoformat() for part, at in times.items()}
    kept |= {part: child.whole for part in WORDS if (child := report.child(part)) is not None}
    kept["statements"] = [statement.whole for statement in report.children("statement")]
    return ReportRestore(name, kept, times["resTime"])


def _instant(report: Node, part: str) -> datetime:
    return read_instant(report.text(part), f"rgp:{part}")


async def change_or_restore(act: Act, order: UpdateDomain | RestoreDomain | ReportRestore) -> Updated:
    """Carry out whichever it is."""
    if isinstance(order, RestoreDomain):
        return await restore_domain(act, order)
    if isinstance(order, ReportRestore):
        return await report_restore(act, order)
    return await update_domain(act, order)


def write_change_or_restore(asked: Asked, updated: Updated, language: str) -> Answer:  # noqa: ARG001  # one signature for all
    """The bundle that was changed, and ``rgp:upData`` for a restore that waits for its report."""
    pending: tuple[Piece, ...] = ()
    if updated.is_restore_pending:
        pending = (Piece(RGP, root("rgp:upData", element("rgp:rgpStatus", s="pendingRestore"))),)
    return Answer(extensions=(*pending, *write_bundle(updated.members, "upData")))
