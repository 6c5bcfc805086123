"""A name that was created on a grace and whose body nobody proved in time: it stays on hold, and its registrar is told once."""

from dataclasses import dataclass, replace

from registry.flows.act import Act
from registry.flows.domain.saving import save
from registry.flows.domain.settle import open_for_change
from registry.flows.domain.told import tell_change


@dataclass(frozen=True, slots=True)
class RemindProof:
    """Which one; any member of a bundle."""

    name: str


async def remind_proof(act: Act, order: RemindProof) -> bool:
    """Tell it (RFC 8590). False when it was proved or told meanwhile. The job's act. Refuses with ``NOT_FOUND``."""
    domain, _ = await open_for_change(act, order.name)
    if domain.uscc or "due" not in domain.verification or "told" in domain.verification:
        return False
    told = replace(domain, verification=dict(domain.verification) | {"told": act.now.isoformat()})
    await save(act, "domain.updated", told)
    await tell_change(act, told, "proofOverdue")
    return True
