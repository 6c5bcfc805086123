"""Do those who logged in still stand? Asked at most once a second for each registrar and key, before a command is carried out.

A look at the database before each command would cost a quarter of a check; a look a second costs nothing and lets a revoked key go on
for a second at most. Sessions that come while the look is under way go by the one before it.
"""

from registry.flows.registrar.standing import Standing, check_standing
from registry.flows.runner import Runner
from registry.kernel.errors import Reason, Refusal

STANDING_SECONDS = 1.0  # as long as a terminated registrar may go on at most
MAX_KNOWN = 4096  # registrars times keys; more than that are forgotten and asked again


class Standings:
    """One for a process."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._known: dict[tuple[str, bytes | None], tuple[float, Refusal | None]] = {}

    async def check(self, registrar_id: str, spki_sha256: bytes | None) -> None:
        """Refuse (``SESSION_REFUSED``) who was terminated or whose key was revoked."""
        key = (registrar_id, spki_sha256)
        now = self._runner.clock.monotonic()
        asked_at, refusal = self._known.get(key, (float("-inf"), None))
        if now - asked_at >= STANDING_SECONDS:
            if len(self._known) >= MAX_KNOWN:
                self._known.clear()
            self._known[key] = (now, refusal)
            refusal = await self._ask(registrar_id, spki_sha256)
            self._known[key] = (now, refusal)
        if refusal:
            raise refusal.with_traceback(None)

    def noted(self, registrar_id: str, spki_sha256: bytes | None) -> None:
        """It has just logged in, so it stands."""
        self._known[registrar_id, spki_sha256] = (self._runner.clock.monotonic(), None)

    async def _ask(self, registrar_id: str, spki_sha256: bytes | None) -> Refusal | None:
        try:
            await check_standing(self._runner, Standing(registrar_id, spki_sha256))
        except Refusal as refusal:
            if refusal.reason is not Reason.SESSION_REFUSED:  # a database that is away says nothing about the registrar
                raise
            return refusal
        return None
