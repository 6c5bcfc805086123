"""domain:delete (RFC 5731 section 3.2.2, RFC 3915)."""

from dataclasses import dataclass, replace

from registry.flows.act import Act
from registry.flows.domain.purge import check_childless, purge
from registry.flows.domain.saving import save
from registry.flows.domain.settle import open_for_change
from registry.flows.domain.told import tell_change
from registry.flows.registrar.permission import require_sponsor
from registry.model.answer import Deleted
from registry.model.domain import Domain, GraceKind, statuses_at
from registry.policy.objects.status import check_none_of


@dataclass(frozen=True, slots=True)
class DeleteDomain:
    """Which one; any member of a bundle."""

    name: str


async def delete_domain(act: Act, order: DeleteDomain) -> Deleted:
    """Delete it: at once in its add grace period, otherwise into redemption.

    A name of an official zone is kept for its body when it goes (``registry.flows.domain.purge``).
    Refuses with ``NOT_FOUND``, ``NOT_PERMITTED`` (not the sponsor), ``STATUS_FORBIDS``, ``LINKED`` (hosts lie under it).
    """
    domain, zone = await open_for_change(act, order.name)
    require_sponsor(act, domain.registrar_id, where="name", value=order.name)
    check_none_of(
        statuses_at(domain, act.now),
        "clientDeleteProhibited", "serverDeleteProhibited", "pendingDelete", "pendingTransfer",
    )  # fmt: skip
    check_childless(domain)
    if _in_add_grace(act, domain):
        await purge(act, domain, zone, "deleted in its add grace period")
        return Deleted(domain.name, is_pending=False, members=domain.members)
    gone = replace(domain, deleted_at=act.now, restore_requested_at=None, updated_at=act.now, updated_by=act.caller.id)
    await save(act, "domain.deleted", gone)
    await tell_change(act, gone, "delete")
    return Deleted(domain.name, is_pending=True, members=domain.members)


def _in_add_grace(act: Act, domain: Domain) -> bool:
    return any(grace.kind is GraceKind.ADD and act.now < grace.until for grace in domain.graces)
