"""Writing down what time did to a domain (``registry.model.life``): the job's act, and the first step of every other."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.domain.following import hosts_follow
from registry.flows.domain.notice import tell_transfer
from registry.flows.domain.saving import save
from registry.flows.domain.told import tell_change
from registry.flows.registrar.permission import not_found
from registry.model.domain import Domain, GraceKind
from registry.model.life import as_of
from registry.model.zone import Zone
from registry.store import domains


@dataclass(frozen=True, slots=True)
class SettleDomain:
    """Which one; any member of a bundle."""

    name: str


async def settle_domain(act: Act, order: SettleDomain) -> bool:
    """Write down a transfer that nobody answered, renewals that came due, a restore whose report did not come. False for nothing.

    Refuses with ``NOT_FOUND``.
    """
    found = await domains.lock(act.conn, order.name.lower())
    if found is None:
        raise not_found("域名", "domain", where="name", value=order.name)
    domain, zone = found
    return await _settled(act, domain, zone) is not domain


async def open_for_change(act: Act, name: str) -> tuple[Domain, Zone]:
    """The domain as it is now, locked until the act ends, with what time did to it written down. ``NOT_FOUND``."""
    found = await domains.lock(act.conn, name.lower())
    if found is None:
        raise not_found("域名", "domain", where="name", value=name)
    domain, zone = found
    return await _settled(act, domain, zone), zone


async def _settled(act: Act, domain: Domain, zone: Zone) -> Domain:
    now = as_of(domain, act.now, zone)
    if now == domain:
        return domain
    await save(act, _kind(domain, now), now)
    if domain.restore_requested_at and not now.restore_requested_at:
        await tell_change(act, now, "restoreLapsed")
    if _was_renewed(domain, now):
        await tell_change(act, now, "autoRenew")
    if domain.transfer and not now.transfer:
        acted_at = domain.transfer.acts_at
        await hosts_follow(act, now, acted_at)
        await tell_transfer(
            act, now, domain.transfer, "serverApproved", (domain.transfer.losing, domain.transfer.gaining)
        )
    return now


def _kind(before: Domain, now: Domain) -> str:
    if before.transfer and not now.transfer:
        return "domain.transferred"
    return "domain.deleted" if now.deleted_at else "domain.renewed"


def _was_renewed(before: Domain, now: Domain) -> bool:
    """Whether time renewed it; a transfer that came due makes it longer too, and is told as a transfer."""
    return any(grace.kind is GraceKind.AUTO_RENEW for grace in now.graces if grace not in before.graces)
