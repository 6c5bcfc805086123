"""Old days of the command log go, whole."""

from datetime import UTC, timedelta

from registry.flows.command_log.keep import drop_old
from registry.flows.runner import Runner


async def keep_command_log(runner: Runner) -> int:
    """Days that are older than ``epp.command_log_days`` are dropped; returns how many."""
    kept = timedelta(days=runner.config.epp.command_log_days)
    return await drop_old(runner, (runner.clock.now() - kept).astimezone(UTC).date())
