"""Places in the door: how many sessions a registrar has, over all processes and machines.

How exact it is. A login takes its place under a lock of its registrar, so the number is never passed, however many processes take
logins at once. A process tells every :data:`BEAT_SECONDS` that it lives, and which sessions it has; the places of one that died are
free :data:`DEAD_AFTER` later. The tables are not logged: after a crash of the database all places are free until the next beat.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from registry.flows.runner import Runner
from registry.model.registrar import Standing
from registry.store import registrar_sessions

BEAT_SECONDS = 5.0
DEAD_AFTER = timedelta(seconds=20)  # four beats: a database that restarts costs no place


@dataclass(frozen=True, slots=True)
class Enter:
    """A session that wants to begin; ``default`` is how many a registrar may have for whom nothing is written."""

    session_id: str
    standing: Standing
    address: str
    process: str
    default: int


@dataclass(frozen=True, slots=True)
class OpenSession:
    """As it is listed."""

    id: str
    user_id: str
    address: str
    process: str
    began_at: datetime


async def enter(runner: Runner, order: Enter) -> bool:
    """Take a place; False when the registrar, or the user, has none left."""
    standing, now = order.standing, runner.clock.now()
    async with runner.db.transaction() as conn:
        await registrar_sessions.lock(conn, standing.id)
        return await registrar_sessions.enter(
            conn, order.session_id, standing.id, standing.user_id, order.address, order.process, now,
            alive_since=now - DEAD_AFTER, limit=standing.limits.sessions or order.default,
            user_limit=standing.own_limits.sessions,
        )  # fmt: skip


async def leave(runner: Runner, session_ids: list[str]) -> None:
    """Give the places back."""
    async with runner.db.connection() as conn:
        await registrar_sessions.leave(conn, session_ids)


async def beat(runner: Runner, process: str, session_ids: list[str]) -> None:
    """Say that this process lives and has these sessions."""
    async with runner.db.transaction() as conn:
        await registrar_sessions.beat(conn, process, runner.clock.now(), session_ids, DEAD_AFTER)


async def end_process(runner: Runner, process: str) -> None:
    """It stops in order: all its places are free at once."""
    async with runner.db.transaction() as conn:
        await registrar_sessions.end_process(conn, process)
