"""Places for large bodies: how many may be in memory at once in this process, and how many of them of one client."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from registry.kernel.errors import Reason, Refusal

PLACES = 8  # of 8 MiB each, and as much again while they are read: 128 MiB
PLACES_OF_ONE = (
    2  # one batch at work and the next one on its way; a client that sends more at once only waits for itself
)
COME_BACK_SECONDS = 5  # a batch takes a second or two


@dataclass(slots=True)
class Room:
    """The places of one process."""

    _taken: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def place(self, client_id: str) -> Iterator[None]:
        """One place. Refuses with RATE_LIMITED when the client has enough of them, with UNAVAILABLE when all are taken."""
        self._admit(client_id)
        self._taken[client_id] += 1
        try:
            yield
        finally:
            self._taken[client_id] -= 1
            self._taken += Counter()  # forget those that have none

    def _admit(self, client_id: str) -> None:
        later = {"retry_after": COME_BACK_SECONDS}
        if self._taken[client_id] >= PLACES_OF_ONE:
            zh = f"同一客户端最多同时报送 {PLACES_OF_ONE} 个批次"
            en = f"a client sends at most {PLACES_OF_ONE} batches at once"
            raise Refusal(Reason.RATE_LIMITED, zh, en, evidence=later)
        if self._taken.total() >= PLACES:
            zh, en = (
                "正在处理的批次过多，请稍后重发",
                "too many batches are being worked on; please send it again later",
            )
            raise Refusal(Reason.UNAVAILABLE, zh, en, evidence=later)
