"""The end of a domain: out of the register; an official name is kept for its body (design, law 9)."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.domain.settle import open_for_change
from registry.flows.domain.told import tell_change
from registry.flows.registrar.permission import require_sponsor
from registry.kernel.db import ForeignKeyViolation
from registry.kernel.errors import Reason, Refusal
from registry.model.domain import Domain
from registry.model.life import is_purge_due
from registry.model.snapshot import domain_detail, domain_snapshot
from registry.model.zone import Zone
from registry.store import domains, retired


@dataclass(frozen=True, slots=True)
class PurgeDomain:
    """Which one; any member of a bundle."""

    name: str


async def purge_domain(act: Act, order: PurgeDomain) -> None:
    """Remove a domain whose redemption and pending-delete periods are over. The job's act.

    Refuses with ``NOT_PERMITTED`` (a registrar), ``NOT_FOUND``, ``STATUS_FORBIDS`` (too early), ``LINKED`` (hosts lie under it).
    """
    if act.caller.kind != "job":
        require_sponsor(act, "", where="name", value=order.name)
    domain, zone = await open_for_change(act, order.name)
    if not is_purge_due(domain, act.now, zone):
        raise Refusal(
            Reason.STATUS_FORBIDS,
            "域名尚未到清除的时候",
            "the domain is not due to be purged yet",
            where="name",
            value=order.name,
        )
    await purge(act, domain, zone, "deleted, redemption over")


async def purge(act: Act, domain: Domain, zone: Zone, reason: str) -> None:
    """Remove it now, with its bundle and links. ``LINKED`` when a host lies under it."""
    check_childless(domain)
    if zone.is_official and domain.uscc:
        await domains.hold_name(act.conn, domain.index_label)
        await retired.retire(act.conn, domain, f"{domain.u_label}.{zone.unicode}", act.now, reason)
    try:
        await domains.remove(act.conn, domain.roid)
    except ForeignKeyViolation:
        raise _has_children(domain, "") from None
    if act.caller.kind != "registrar":
        await tell_change(act, domain, "autoPurge", reason)
    await act.remember("domain.purged", domain.roid, domain_snapshot(domain), detail=domain_detail(domain))


def check_childless(domain: Domain) -> None:
    """Refuse (``LINKED``) a domain with hosts below it (RFC 5731 section 3.2.2: they go first, or are renamed)."""
    if domain.subordinates:
        raise _has_children(domain, "、".join(domain.subordinates))


def _has_children(domain: Domain, hosts: str) -> Refusal:
    return Refusal(
        Reason.LINKED,
        "域名之下仍有主机，请先删除这些主机或改名",
        "hosts lie below this domain; delete or rename them first",
        where="name",
        value=domain.name,
        evidence={"hosts": hosts},
    )
