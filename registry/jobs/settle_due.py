"""Write down what time did: transfers that nobody answered, renewals that came due. An expired name keeps resolving (design, law 9)."""

from functools import partial

from registry.flows.act import Act, Caller
from registry.flows.domain.settle import SettleDomain, settle_domain
from registry.flows.runner import Runner
from registry.store import due

CALLER = Caller("job", "settle-due")


async def settle_due(runner: Runner) -> int:
    """One act a name; returns how many changed."""
    names = await due.to_settle(runner.db, runner.clock.now())
    return sum([await runner.run(CALLER, partial(_settle, name)) for name in names])


async def _settle(name: str, act: Act) -> bool:
    return await settle_domain(act, SettleDomain(name))
