"""Tell registrars of maintenance that begins within a day, and of what is over (RFC 9167)."""

from registry.flows.act import Act, Caller
from registry.flows.maintenance.remind import RemindMaintenance
from registry.flows.maintenance.remind import remind_maintenance as remind
from registry.flows.runner import Runner

CALLER = Caller("job", "remind-maintenance")


async def remind_maintenance(runner: Runner) -> int:
    """One act for all that is due; returns of how many windows registrars were told."""

    async def tell(act: Act) -> int:
        return await remind(act, RemindMaintenance())

    return await runner.run(CALLER, tell)
