"""rgp:restore (RFC 3915 section 4.2.5): a deleted name comes back.

A zone has one of two ways (``Zone.restore_report``). At once: the request restores the name, and a report that follows within a week is
kept. With a report: the request makes the restore pending, the name resolves again, and the report completes it; without one the restore
lapses (``registry.model.life``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from registry.flows.act import Act
from registry.flows.domain.saving import save
from registry.flows.domain.settle import open_for_change
from registry.flows.domain.told import tell_change
from registry.flows.registrar.permission import require_sponsor
from registry.kernel.errors import Reason, Refusal
from registry.model.answer import Updated
from registry.model.domain import Domain, rgp_statuses_at
from registry.model.life import as_of, is_restore_pending
from registry.model.zone import Zone
from registry.store import body_tasks

CLOCKS_DIFFER = timedelta(minutes=5)  # between a registrar and us
REPORT_TAKEN = timedelta(
    days=7
)  # after a restore that took effect at once; as long as registries with a pending restore wait


@dataclass(frozen=True, slots=True)
class RestoreDomain:
    """Which one; any member of a bundle."""

    name: str


@dataclass(frozen=True, slots=True)
class ReportRestore:
    """``report`` holds the parts of RFC 3915 section 4.2.5 as text, ``restored_at`` what it says of the time of the restore."""

    name: str
    report: Mapping[str, Any] = field(default_factory=dict)
    restored_at: datetime | None = None


async def restore_domain(act: Act, order: RestoreDomain) -> Updated:
    """Take back a delete while redemption runs.

    Refuses with ``NOT_FOUND``, ``NOT_PERMITTED`` (not the sponsor), ``STATUS_FORBIDS`` (not in redemption; retired by a decision
    about its body).
    """
    domain, zone = await open_for_change(act, order.name)
    require_sponsor(act, domain.registrar_id, where="name", value=order.name)
    if "redemptionPeriod" not in rgp_statuses_at(domain, act.now, zone.deadlines):
        raise Refusal(
            Reason.STATUS_FORBIDS,
            "域名不在赎回期内，不能恢复",
            "the domain is not in its redemption period, so it cannot be restored",
            where="name",
            value=order.name,
        )
    if await body_tasks.is_retired(act.conn, domain.roid):
        zh, en = (
            "该名称已按机构变动的决定停用，不再恢复",
            "reviewers decided that this name retires; it does not come back",
        )
        raise Refusal(Reason.STATUS_FORBIDS, zh, en, where="name", value=order.name)
    asked = replace(domain, restore_requested_at=act.now, updated_at=act.now, updated_by=act.caller.id)
    if zone.restore_report is None:
        await _restored(act, asked, zone, {})
        return Updated(domain.name, domain.members)
    await save(act, "domain.updated", asked)
    await tell_change(act, asked, "restore")
    return Updated(domain.name, domain.members, is_restore_pending=True)


async def report_restore(act: Act, order: ReportRestore) -> Updated:
    """Complete a restore that waits for its report, or keep the report of one that took effect at once.

    Refuses with ``NOT_FOUND``, ``NOT_PERMITTED`` (not the sponsor), ``STATUS_FORBIDS`` (no restore waits for one),
    ``VALUE_OUT_OF_RANGE`` (it speaks of a restore in the future).
    """
    domain, zone = await open_for_change(act, order.name)
    require_sponsor(act, domain.registrar_id, where="name", value=order.name)
    requested_at = domain.restore_requested_at
    if requested_at is None or (not domain.deleted_at and act.now >= requested_at + REPORT_TAKEN):
        raise Refusal(
            Reason.STATUS_FORBIDS,
            "没有待报告的恢复",
            "no restore of this domain waits for a report",
            where="rgp:report",
        )
    if order.restored_at is not None and order.restored_at > act.now + CLOCKS_DIFFER:
        zh, en = "报告中的恢复时间晚于现在", "the report says that the restore is still to come"
        raise Refusal(Reason.VALUE_OUT_OF_RANGE, zh, en, where="rgp:report", value=order.restored_at.isoformat())
    reported = replace(domain, updated_at=act.now, updated_by=act.caller.id)
    if is_restore_pending(domain, zone):
        await _restored(act, replace(reported, restore_requested_at=None), zone, order.report)
    else:
        await save(act, "domain.updated", replace(reported, restore_requested_at=None), restore_report=order.report)
    return Updated(domain.name, domain.members)


async def _restored(act: Act, domain: Domain, zone: Zone, report: Mapping[str, Any]) -> None:
    """The name is back; the renewal that came due while it was away is made up for."""
    back = as_of(replace(domain, deleted_at=None), act.now, zone)
    await save(act, "domain.updated", back, **({"restore_report": report} if report else {}))
    await tell_change(act, back, "restore")
    if back.expires_at > domain.expires_at:  # it had expired while it was deleted
        await tell_change(act, back, "autoRenew")
