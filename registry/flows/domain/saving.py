"""Writing a domain that changed, together with what is remembered of it."""

from typing import Any

from registry.flows.act import Act
from registry.model.domain import Domain
from registry.model.snapshot import domain_detail, domain_snapshot
from registry.store import domains


async def save(act: Act, kind: str, domain: Domain, **more: Any) -> None:
    """Write everything of the domain itself that can change, history, audit entry and change row, in one round trip.

    ``more`` is kept in history beside the domain, such as the reason of an operator.
    """
    memory = act.memory(kind, domain.roid, domain_snapshot(domain) | more, detail=domain_detail(domain))
    await domains.save(act.conn, domain, memory)
