"""Do those who logged in still stand, and what may they do? Known in memory, asked at most once a second, forgotten at once by the feed.

A look at the database before each command would cost a quarter of a check; a look a second costs nothing. What an operator changes
reaches running sessions by the change feed, some milliseconds after his commit; when the feed is away, a second is the bound. Sessions that
come while a look is under way go by the one before it.
"""

import asyncio
from dataclasses import dataclass

from registry.flows.registrar.standing import owner_of_key, read_standing, stopped
from registry.flows.runner import Runner
from registry.kernel.feed import Feed
from registry.model.registrar import Standing

STANDING_SECONDS = 1.0  # as long as a terminated registrar may go on at most
MAX_KNOWN = 4096  # logins times keys and addresses; more than that are forgotten and asked again
LONG_AGO = float("-inf")
Key = tuple[str, bytes | None, str]


@dataclass(slots=True)
class _Known:
    """``changes`` counts what the feed told, so that a look that began before it is not believed."""

    asked_at: float = LONG_AGO
    standing: Standing | None = None
    is_let_in: bool = False
    was_asked: bool = False
    changes: int = 0


class Standings:
    """One for a process."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._known: dict[Key, _Known] = {}
        self._owners: dict[bytes, tuple[float, tuple[str, str] | None]] = {}

    async def check(self, login_id: str, spki_sha256: bytes | None, address: str) -> Standing:
        """The login as it stands. Refuses (``SESSION_REFUSED``) who was stopped, a key that was revoked or is over, a shut-out address."""
        known = await self._look(login_id, spki_sha256, address)
        found = known.standing
        stands = found and found.is_welcome and known.is_let_in and found.key_ends
        if not found or not stands or not found.key_ends or found.key_ends <= self._runner.clock.now():
            raise stopped(login_id)
        return found

    async def may_connect(self, spki_sha256: bytes | None, address: str) -> bool:
        """Whether a connection with this key may stay: not when its owner is known and does not come from there.

        Costs a look a second for each key; a stranger's key is told at login.
        """
        if spki_sha256 is None:
            return True
        asked_at, owner = self._owners.get(spki_sha256, (LONG_AGO, None))
        now = self._runner.clock.monotonic()
        if now - asked_at >= STANDING_SECONDS:
            if len(self._owners) >= MAX_KNOWN:
                self._owners.clear()
            owner = await owner_of_key(self._runner, spki_sha256)
            self._owners[spki_sha256] = (now, owner)
        if owner is None:
            return True
        registrar_id, user_id = owner
        known = await self._look(user_id or registrar_id, spki_sha256, address)
        return known.standing is None or known.is_let_in

    def noted(self, standing: Standing, spki_sha256: bytes | None, address: str) -> None:
        """It has just logged in, so it stands."""
        known = self._entry((standing.login_id, spki_sha256, address))
        self._keep(known, standing, address, self._runner.clock.monotonic())

    def forget(self, registrar_id: str) -> None:
        """Something of this registrar changed: look again before its next command."""
        self._owners.clear()
        for (login_id, _, _), known in self._known.items():
            if registrar_id in (login_id, known.standing.id if known.standing else login_id):
                known.asked_at = LONG_AGO
                known.changes += 1

    async def follow(self) -> None:
        """Forget what changes, until cancelled."""
        feed = Feed(self._runner.db)
        async with feed.snapshot() as (_, cursor):
            pass
        for known in self._known.values():
            known.asked_at = LONG_AGO
        async for changes, _ in feed.follow(cursor):
            for registrar_id in {change.subject for change in changes if change.kind.startswith("registrar.")}:
                self.forget(registrar_id)

    async def _look(self, login_id: str, spki_sha256: bytes | None, address: str) -> _Known:
        known = self._entry((login_id, spki_sha256, address))
        now = self._runner.clock.monotonic()
        if now - known.asked_at < STANDING_SECONDS:
            return known
        changes = known.changes
        if known.was_asked:
            known.asked_at = now  # those who come meanwhile go by what was known
        try:
            found = await read_standing(self._runner, login_id, spki_sha256)
        except BaseException:
            known.asked_at = LONG_AGO
            raise
        self._keep(known, found, address, now if known.changes == changes else LONG_AGO)
        return known

    def _entry(self, key: Key) -> _Known:
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= MAX_KNOWN:
                self._known.clear()
            known = self._known[key] = _Known()
        return known

    def _keep(self, known: _Known, standing: Standing | None, address: str, asked_at: float) -> None:
        known.standing, known.asked_at, known.was_asked = standing, asked_at, True
        known.is_let_in = standing is not None and standing.may_come_from(address)


async def following(standings: Standings) -> None:
    """Follow for ever: a database that is away at the start is tried again."""
    while True:
        try:
            await standings.follow()
        except asyncio.CancelledError:
            raise
        except Exception:  # noqa: BLE001  # without the feed a second is the bound, which is promised as well
            await asyncio.sleep(STANDING_SECONDS)
