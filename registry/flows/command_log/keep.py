"""Writing finished commands down, many at a time, outside any act: the log tells of commands, it is not part of them."""

from collections.abc import Sequence
from datetime import UTC, date

from registry.flows.runner import Runner
from registry.store import command_log
from registry.store.command_log import Logged

__all__ = ["Logged", "drop_old", "keep_commands"]


async def keep_commands(runner: Runner, lines: Sequence[Logged], known_days: set[date]) -> None:
    """COPY them; a day that is not in ``known_days`` gets its partition first. ``UNAVAILABLE`` when the database is away."""
    days = {line.at.astimezone(UTC).date() for line in lines}
    async with runner.db.connection() as conn:
        if fresh := sorted(days - known_days):
            await command_log.ensure_days(conn, fresh)
            known_days |= days
        await command_log.copy(conn, lines)


async def drop_old(runner: Runner, before: date) -> int:
    """Remove whole days; how many went."""
    async with runner.db.connection() as conn:
        old = [day for day in await command_log.days(conn) if day < before]
        for day in old:
            await command_log.drop_day(conn, day)
    return len(old)
