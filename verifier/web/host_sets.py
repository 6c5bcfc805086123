"""Keeps the set of genuine hosts up to date, and the last statement that was signed about it."""

import asyncio
from dataclasses import dataclass, field

from registry.kernel.clock import Clock
from verifier.host_set import HostSet
from verifier.marks.host_statement import sign_host_set
from verifier.marks.keys import IssuerKey
from verifier.question import Questions

SIGNED_SECONDS = 60.0  # a statement is signed anew after this time


@dataclass(slots=True)
class HostSets:
    """The set of one process."""

    questions: Questions
    clock: Clock
    key: IssuerKey
    base: str
    _hosts: HostSet = field(init=False)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _name: str = ""
    _signed: float = float("-inf")
    _statement: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        self._hosts = HostSet(self.questions.snapshot)

    async def current(self) -> HostSet:
        """The set as of a second ago at most."""
        await self.questions.refresh()
        async with self._lock:
            if self._hosts.name:
                self._hosts.follow()
            else:
                await asyncio.to_thread(self._hosts.follow)  # the first time there may be a million hashes
        return self._hosts

    def statement(self) -> str:
        """About the present version; signed within the last minute."""
        now = self.clock.monotonic()
        if self._name != self._hosts.name or now - self._signed >= SIGNED_SECONDS:
            self._statement = sign_host_set(
                self.base, self._hosts.name, len(self._hosts), self.key, [self.key.public], self.clock.now()
            )
            self._name, self._signed = self._hosts.name, now
        return self._statement
