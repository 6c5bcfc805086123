"""What look-ups of one process share: where they read, what they remember, and the follower that keeps it true."""

from registry.kernel.clock import Clock
from registry.kernel.config import Config
from registry.kernel.db import Database
from registry.kernel.metrics import gauge
from registry.kernel.reads import Reads
from registry.kernel.service import Parts
from whois.cache.answers import Answers
from whois.cache.follower import Follower

MEGABYTE = 1 << 20
IN_MEMORY = gauge("whois_answers_bytes", "What the answers in memory cost, about", "door")


class Lookups:
    """Ask ``reads``; keep in ``memory``. Before :meth:`start` and after :meth:`close` nothing is answered from memory."""

    def __init__(self, config: Config, db: Database, clock: Clock, door: str) -> None:
        self.reads = Reads(db, clock, config.database)
        self.memory = Answers(config.whois.cache_megabytes * MEGABYTE)
        self._follower = Follower(self.reads, self.memory)
        IN_MEMORY.labels(door).set_function(lambda: self.memory.bytes)

    async def start(self) -> None:
        """Connect to the replica and follow the feed."""
        await self.reads.start()
        self._follower.start()

    async def close(self) -> None:
        """Let go."""
        await self._follower.close()
        await self.reads.close()


def create(parts: Parts) -> Lookups:
    """Those of the web process, which RDAP and the pages share."""
    return Lookups(parts.config, parts.db, parts.clock, "web")
