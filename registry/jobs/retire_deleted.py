"""Remove the domains whose redemption and pending-delete periods are over; their official names stay reserved (design, law 9)."""

from functools import partial

from registry.flows.act import Act, Caller
from registry.flows.domain.purge import PurgeDomain, purge_domain
from registry.flows.runner import Runner
from registry.kernel.errors import Reason, Refusal
from registry.store import due

CALLER = Caller("job", "retire-deleted")


async def retire_deleted(runner: Runner) -> int:
    """One act a name; a name that hosts still lie under waits for the next round. Returns how many were removed."""
    removed = 0
    for name in await due.to_purge(runner.db, runner.clock.now()):
        try:
            await runner.run(CALLER, partial(_purge, name))
        except Refusal as refusal:
            if refusal.reason not in (Reason.LINKED, Reason.NOT_FOUND):
                raise
        else:
            removed += 1
    return removed


async def _purge(name: str, act: Act) -> None:
    await purge_domain(act, PurgeDomain(name))
