"""rgp:restore (RFC 3915 section 4.2.5): a deleted name comes back."""

from dataclasses import dataclass, replace

from registry.flows.act import Act
from registry.flows.domain.saving import save
from registry.flows.domain.settle import open_for_change
from registry.flows.domain.told import tell_change
from registry.flows.registrar.permission import require_sponsor
from registry.kernel.errors import Reason, Refusal
from registry.model.domain import rgp_statuses_at
from registry.model.life import as_of


@dataclass(frozen=True, slots=True)
class RestoreDomain:
    """Which one; any member of a bundle."""

    name: str


async def restore_domain(act: Act, order: RestoreDomain) -> None:
    """Take back a delete while redemption runs. No restore report is asked for: the history says all that it would.

    Refuses with ``NOT_FOUND``, ``NOT_PERMITTED`` (not the sponsor), ``STATUS_FORBIDS`` (not in redemption).
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
    restored = replace(domain, deleted_at=None, updated_at=act.now, updated_by=act.caller.id)
    restored = as_of(restored, act.now, zone)
    await save(act, "domain.updated", restored)
    await tell_change(act, restored, "restore")
    if restored.expires_at > domain.expires_at:  # it had expired while it was deleted
        await tell_change(act, restored, "autoRenew")
