"""Whether a place can see at all. Pure.

When look after look at unrelated hosts fails that answered before, it is not the country's sites that fell but our own line: the place is
*blind*, what it sees is not counted, and its looks are handed back. It sees again when as many looks in a row succeed. Hosts that failed before
say nothing, so a few hundred dead sites blind nobody, and one dead site of a small fleet never makes a row.
"""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

WINDOW = timedelta(seconds=60)
ENOUGH = 20  # looks of the window below which its share proves nothing
BLIND_SHARE = 0.5  # of the looks that fail all of a sudden
RUN_BLIND = 6  # failures in a row of hosts that answered before
RUN_SEEING = 3  # answers in a row after which the place sees again


@dataclass(slots=True)
class Sight:
    """The looks of one place in one process."""

    blind: bool = False
    _recent: deque[tuple[datetime, bool]] = field(default_factory=deque)
    _failed: int = 0
    _run: int = 0  # failures in a row, or answers in a row below zero

    def note(self, at: datetime, *, failed: bool, failed_before: bool) -> None:
        """One look. A host that failed before says nothing unless it came back."""
        if failed and failed_before:
            return
        self._run = max(self._run, 0) + 1 if failed else min(self._run, 0) - 1
        self._recent.append((at, failed))
        self._failed += failed
        while not at - WINDOW <= self._recent[0][0] <= at:
            self._failed -= self._recent.popleft()[1]
        count = len(self._recent)
        if self._run >= RUN_BLIND or (count >= ENOUGH and self._run > 0 and self._failed >= BLIND_SHARE * count):
            self.blind = True
        elif self._run <= -RUN_SEEING:
            self.blind = False
