"""What a worker asks an examiner for, and what it gets: the seam between scheduling and checking. Pure.

The checks know nothing of leases, and the leases nothing of checks; tests and benchmarks put another examiner in the place of the real one.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from verifier.checks.fact import Seen
from verifier.checks.site import Site
from verifier.monitor.leases import Taken
from verifier.monitor.rounds import Round


@dataclass(frozen=True, slots=True)
class Order:
    """One look to be made at ``at``. ``candidates`` are hosts that look like the site's names, for check 20."""

    site: Site
    round: Round
    taken: Taken
    vantage: str
    at: datetime
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """What came of it. ``opened`` and ``blocked`` as the official rule has them; ``retry_after`` in seconds.

    ``body`` is the digest of the page; one that is not the last one calls for the hourly round at once.
    """

    opened: bool
    blocked: bool = False
    ms: int = 0
    why: str = ""
    address: str = ""
    retry_after: int = 0
    etag: str = ""
    modified: str = ""
    body: str = ""
    seen: tuple[Seen, ...] = field(default_factory=tuple)


class Examiner(Protocol):
    """Who looks. Never raises for anything that a site can do."""

    async def look(self, order: Order) -> Look:
        """Make the checks of the round."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
