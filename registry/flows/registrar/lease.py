"""Taking a slice of commands out of a registrar's bucket (``registry/epp/allowance.py`` says why)."""

from dataclasses import dataclass

from registry.flows.runner import Runner
from registry.model.registrar import Limits
from registry.store import registrar_sessions


@dataclass(frozen=True, slots=True)
class Lease:
    """``key`` names the bucket: the login id of a user, or a registrar's id with ``*`` behind it for all its logins together."""

    key: str
    limits: Limits
    wanted: int


async def lease_commands(runner: Runner, order: Lease) -> int:
    """How many of the wanted commands may be carried out; 0 when the bucket is empty. One statement."""
    async with runner.db.connection() as conn:
        rate, room = order.limits.rate or 0.0, order.limits.room
        return await registrar_sessions.lease(conn, order.key, room, rate, runner.clock.now(), order.wanted)
