"""The report files of registrars that are due; old ones go."""

from datetime import UTC, timedelta

from registry.flows.report.make import make_reports
from registry.flows.runner import Runner
from registry.store import reports

DAILY_KEPT = timedelta(days=400)  # a year, and the month in which somebody looks back at it
MONTHLY_KEPT = timedelta(days=3660)  # ten years, as long as the contracts that they are counted for


async def report_registrars(runner: Runner) -> int:
    """Made up from where the last run ended; a run that happens twice makes nothing. Returns how many files were made."""
    made = await make_reports(runner)
    today = runner.clock.now().astimezone(UTC).date()
    async with runner.db.connection() as conn:
        await reports.remove_before(conn, today - DAILY_KEPT, today - MONTHLY_KEPT)
    return made
