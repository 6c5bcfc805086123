"""How many commands a second a registrar, or one of its users, may send, over all processes and machines.

Theory of operation. The bucket stands in PostgreSQL (an unlogged table): it holds ``burst`` commands and gains ``rate`` a second. A trip
to it before each command would double the cost of a check, so a process takes a *slice* out of it, what :data:`SLICE_SECONDS` at the full
rate use up, and spends that in memory. How exact it is: commands come out of the one bucket only, so all processes together never carry
out more than ``burst + rate × T`` in any time T, and what they held in slices before it (at most one slice a process). What a
process holds and does not spend within :data:`KEPT_SECONDS` is lost, so a registrar that spreads a trickle over many processes may get less,
by at most one slice a process and second. Machines whose clocks differ fill the bucket by the clock that is ahead. After a
crash of the database the bucket is full. A registrar without a rate costs nothing at all.
"""

import asyncio
from dataclasses import dataclass, field

from registry.flows.registrar.lease import Lease, lease_commands
from registry.flows.runner import Runner
from registry.kernel.errors import Reason, Refusal
from registry.model.registrar import Limits, Standing

SLICE_SECONDS = 0.25  # four trips a second and process at the full rate
KEPT_SECONDS = 1.0
DRY_SECONDS = 0.25  # an empty bucket is asked again after so long at most; a flood is refused in memory meanwhile
MAX_SLICES = 10_000


@dataclass(slots=True)
class _Slice:
    """What a process holds of one bucket; ``lapses`` and ``dry_until`` on the monotonic clock."""

    held: int = 0
    lapses: float = 0.0
    dry_until: float = 0.0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Allowance:
    """One for a process."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._slices: dict[str, _Slice] = {}

    async def spend(self, standing: Standing) -> None:
        """One command of this login. Refuses with ``RATE_LIMITED``, ``retry_after`` seconds in the evidence."""
        if standing.limits.rate is not None:
            await self._spend(bucket_of(standing.id, ""), standing.limits)
        if standing.own_limits.rate is not None:
            await self._spend(bucket_of(standing.id, standing.user_id), standing.own_limits)

    async def _spend(self, key: str, limits: Limits) -> None:
        if len(self._slices) > MAX_SLICES:
            self._slices.clear()
        mine = self._slices.setdefault(key, _Slice())
        if not self._take(mine):
            async with mine.lock:
                if not self._take(mine):
                    await self._lease(mine, key, limits)

    def _take(self, mine: _Slice) -> bool:
        now = self._runner.clock.monotonic()
        if mine.held > 0 and now < mine.lapses:
            mine.held -= 1
            return True
        if now < mine.dry_until:
            raise _too_many(mine.dry_until - now)
        return False

    async def _lease(self, mine: _Slice, key: str, limits: Limits) -> None:
        rate = limits.rate or 0.0
        wanted = max(1, min(int(rate * SLICE_SECONDS), limits.room // 2))
        got = await lease_commands(self._runner, Lease(key, limits, wanted))
        now = self._runner.clock.monotonic()
        if got == 0:
            wait = min(1 / rate if rate else DRY_SECONDS, DRY_SECONDS)
            mine.held, mine.dry_until = 0, now + wait
            raise _too_many(max(wait, 1 / rate if rate else wait))
        mine.held, mine.lapses = got - 1, now + KEPT_SECONDS


def bucket_of(registrar_id: str, user_id: str) -> str:
    """The name of a bucket: a user's id, or the registrar's with a star, which no id holds."""
    return user_id or f"{registrar_id}*"


def _too_many(wait: float) -> Refusal:
    seconds = max(1, round(wait))
    return Refusal(
        Reason.RATE_LIMITED,
        f"命令过于频繁，超过约定的速率，请在 {seconds} 秒后再试",
        f"too many commands for the agreed rate; please try again in {seconds} seconds",
        evidence={"retry_after": seconds},
    )
