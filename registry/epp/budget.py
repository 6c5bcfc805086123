"""How many connections there may be in this process, and who may have one more.

A connection is a *stranger* until it has logged in. Strangers are few and live short, so somebody who hoards connections before
login takes nothing from registrars that are logged in; a registrar's own sessions are counted from login on.
"""

from collections import Counter
from dataclasses import dataclass, field

MAX_STRANGERS_PER_ADDRESS = 256  # a registrar that reconnects a pool of 128 sessions after an outage, twice over


@dataclass(slots=True)
class Budget:
    """Counts of now. ``total`` and ``per_registrar`` come from the configuration."""

    total: int
    per_registrar: int
    strangers: Counter[str] = field(default_factory=Counter)
    members: Counter[str] = field(default_factory=Counter)

    @property
    def used(self) -> int:
        """All connections."""
        return self.strangers.total() + self.members.total()

    def arrive(self, address: str) -> bool:
        """A new connection; False when it must go again."""
        if self.used >= self.total or self.strangers[address] >= MAX_STRANGERS_PER_ADDRESS:
            return False
        self.strangers[address] += 1
        return True

    def admit(self, address: str, registrar_id: str) -> bool:
        """A stranger logs in; False when the registrar has as many sessions as it may."""
        if self.members[registrar_id] >= self.per_registrar:
            return False
        _take(self.strangers, address)
        self.members[registrar_id] += 1
        return True

    def leave(self, address: str, registrar_id: str) -> None:
        """The connection ended; ``registrar_id`` is empty when it never logged in."""
        if registrar_id:
            _take(self.members, registrar_id)
        else:
            _take(self.strangers, address)


def _take(counts: Counter[str], key: str) -> None:
    counts[key] -= 1
    if counts[key] <= 0:
        del counts[key]
