"""Writing a domain that changed, together with what is remembered of it."""

from registry.flows.act import Act
from registry.model.domain import Domain
from registry.model.snapshot import domain_detail, domain_snapshot
from registry.store import domains


async def save(act: Act, kind: str, domain: Domain) -> None:
    """Write everything of the domain itself that can change, history, audit entry and change row, in one round trip."""
    memory = act.memory(kind, domain.roid, domain_snapshot(domain), detail=domain_detail(domain))
    await domains.save(act.conn, domain, memory)
