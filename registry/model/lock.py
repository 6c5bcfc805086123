"""Registry lock: a domain that only two people of the registry together can open.

A locked domain bears the three statuses of :data:`LOCK_STATUSES`; they are computed, never stored among the others, so nothing can
take one of them away by itself. A window opens the lock until an instant, after which it holds again without anybody's doing. The lock
covers every name of the bundle, because they are one object, and the hosts below it, whose addresses are its way into the DNS.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from registry.kernel.errors import Text

LOCK_STATUSES = frozenset({"serverDeleteProhibited", "serverTransferProhibited", "serverUpdateProhibited"})
LOCK_WORDS = Text("注册局锁定", "registry lock")
MAX_WINDOW_HOURS = 72  # a change of servers over a weekend; what is longer is a release
DEFAULT_WINDOW_HOURS = 4


class LockMove(StrEnum):
    """What two people do: put the lock on (or close a window), open a window, or take the lock off."""

    LOCK = "lock"
    OPEN = "open"
    RELEASE = "release"


@dataclass(frozen=True, slots=True)
class Lock:
    """``since`` is when it was last put on or moved; ``open_until`` the end of a window, None when there is none."""

    since: datetime
    open_until: datetime | None = None

    def holds_at(self, now: datetime) -> bool:
        """Whether it is closed."""
        return self.open_until is None or now >= self.open_until


def lock_statuses(lock: Lock | None, now: datetime) -> frozenset[str]:
    """The statuses that the lock gives to its domain, and without the transfer to the hosts below it."""
    return LOCK_STATUSES if lock and lock.holds_at(now) else frozenset()


def lock_json(lock: Lock) -> dict[str, str | None]:
    """As ``domain.lock`` keeps it."""
    return {"since": lock.since.isoformat(), "open_until": lock.open_until.isoformat() if lock.open_until else None}


def read_lock(one: "dict[str, str | None] | None") -> Lock | None:
    """What :func:`lock_json` wrote; None for a domain that was never locked."""
    if not one or not one["since"]:
        return None
    until = one["open_until"]
    return Lock(datetime.fromisoformat(one["since"]), datetime.fromisoformat(until) if until else None)
