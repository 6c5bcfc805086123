"""The domain that a host lies under (RFC 5732 section 1.1: the superordinate domain)."""

from registry.flows.act import Act
from registry.flows.registrar.permission import not_found, require_sponsor
from registry.model.domain import Domain
from registry.model.lock import lock_statuses
from registry.policy.objects.hostname import parent_name, zone_of
from registry.policy.objects.status import check_none_of, forbidden_by
from registry.store import domains, tlds


async def parent_of(act: Act, host: str) -> Domain | None:
    """The domain of ours, held fast until the act ends, or None for a host outside our zones.

    Refuses with ``NOT_FOUND`` (no such domain), ``NOT_PERMITTED`` (another registrar's), ``STATUS_FORBIDS`` (it is being
    deleted, or is under registry lock). Any member of a bundle may be the parent.
    """
    found = await domains.share(act.conn, parent_name(host))
    if found is None:
        if await tlds.find(act.conn, zone_of(host)) is None:
            return None
        raise not_found("上级域名", "superordinate domain", where="name", value=parent_name(host))
    domain, _ = found
    require_sponsor(act, domain.registrar_id, where="name", value=host)
    if domain.deleted_at:
        raise forbidden_by("pendingDelete")
    check_none_of(
        lock_statuses(domain.lock, act.now), "serverUpdateProhibited"
    )  # a new host would be a way around the lock
    return domain
