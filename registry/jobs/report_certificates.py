"""Registrars hear in time that a client certificate ends."""

from registry.flows.act import Caller
from registry.flows.registrar.warn_ending import warn_ending
from registry.flows.runner import Runner

CALLER = Caller("job", "warn-ending")


async def warn_certificates(runner: Runner) -> int:
    """Thirty, seven and one day before, each once. Returns how many certificates end within thirty days."""
    return await runner.run(CALLER, warn_ending)
