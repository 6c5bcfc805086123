"""Whether a place can see at all. Pure.

When most looks at unrelated hosts fail within a minute, it is not the country's sites that fell but our own line: the place is *blind*, what it
sees is not counted, and its looks are handed back. It is seen again when looks succeed, or when a host that never fails (a canary) answers.
Hosts that failed before do not count, so a few hundred dead sites blind nobody.
"""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

WINDOW = timedelta(seconds=60)
ENOUGH = 20  # looks of the window below which nothing is concluded
BLIND_SHARE = 0.5  # of the looks that fail all of a sudden
SEEING_SHARE = 0.2  # below which the place sees again


@dataclass(slots=True)
class Sight:
    """The looks of one place in one process."""

    blind: bool = False
    _recent: deque[tuple[datetime, bool]] = field(default_factory=deque)
    _failed: int = 0

    def note(self, at: datetime, *, failed: bool, failed_before: bool) -> None:
        """One look. A host that failed before says nothing unless it came back."""
        if failed and failed_before:
            return
        self._recent.append((at, failed))
        self._failed += failed
        while self._recent and not at - WINDOW <= self._recent[0][0] <= at:
            self._failed -= self._recent.popleft()[1]
        self._conclude()

    def _conclude(self) -> None:
        count = len(self._recent)
        if count < ENOUGH:
            return
        share = self._failed / count
        if share >= BLIND_SHARE:
            self.blind = True
        elif share <= SEEING_SHARE:
            self.blind = False
