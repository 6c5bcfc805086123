"""The places of this process's sessions in the budget that all processes share (``registry/flows/registrar/sessions.py``)."""

import asyncio
from dataclasses import dataclass, field

from registry.flows.registrar.sessions import BEAT_SECONDS, Enter, beat, end_process, enter, leave
from registry.flows.runner import Runner
from registry.kernel.errors import Refusal
from registry.kernel.ids import new_public_id
from registry.kernel.log import get_logger
from registry.model.registrar import Standing

PROCESS_BITS = 60
_log = get_logger()


class Places:
    """One for a process. :meth:`begin` before the first login."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._process = new_public_id(PROCESS_BITS)
        self._held: set[str] = set()
        self._given_back: list[str] = []
        self._woken = asyncio.Event()

    def of(self, address: str) -> "Place":
        """The place that a connection from there may take."""
        return Place(self, address)

    async def begin(self) -> None:
        """Tell the others that this process lives."""
        await beat(self._runner, self._process, sorted(self._held))

    async def run(self) -> None:
        """Give back what is free and go on telling, until cancelled; a database that is away is tried again."""
        loop = asyncio.get_running_loop()
        due = loop.time() + BEAT_SECONDS
        while True:
            try:
                async with asyncio.timeout_at(due):
                    await self._woken.wait()
            except TimeoutError:
                pass
            self._woken.clear()
            try:
                await self._give_back()
                if loop.time() >= due:
                    due = loop.time() + BEAT_SECONDS
                    await self.begin()
            except Refusal as refusal:
                _log.warning("places not told", text=refusal.text.en)
                await asyncio.sleep(BEAT_SECONDS / 5)
            except Exception as fault:  # noqa: BLE001  # the next beat mends what this one could not write
                _log.error("places fault", exc_info=fault)
                await asyncio.sleep(BEAT_SECONDS / 5)

    async def end(self) -> None:
        """All places are free."""
        self._held.clear()
        await end_process(self._runner, self._process)

    async def take(self, session_id: str, standing: Standing, address: str) -> bool:
        """See ``enter``."""
        default = self._runner.config.epp.max_connections_per_registrar
        self._held.add(session_id)
        taken = False
        try:
            taken = await enter(self._runner, Enter(session_id, standing, address, self._process, default))
        finally:
            if not taken:
                self._held.discard(session_id)
        return taken

    def leave(self, session_id: str) -> None:
        """Soon: the statement goes out with those of others that leave at the same time."""
        if session_id in self._held:
            self._held.discard(session_id)
            self._given_back.append(session_id)
            self._woken.set()

    async def _give_back(self) -> None:
        if leaving := list(self._given_back):
            await leave(self._runner, leaving)
            del self._given_back[: len(leaving)]


@dataclass(slots=True)
class Place:
    """What one connection has of it."""

    places: Places
    address: str
    id: str = field(default="")

    async def take(self, standing: Standing) -> bool:
        """Whether there was room; asked once, at login."""
        session_id = new_public_id()
        if await self.places.take(session_id, standing, self.address):
            self.id = session_id
            return True
        return False

    def leave(self) -> None:
        """The connection is over."""
        if self.id:
            self.places.leave(self.id)
