"""A primary and a streaming replica of it: two servers out of the same programs, each with its data directory."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from registry.kernel.config import load_config
from registry.kernel.db import Database
from registry.kernel.pg.cluster import OWNER, Cluster
from registry.kernel.pg.migrate import migrate

QUICK = {
    "shared_buffers": "32MB", "max_wal_size": "256MB", "fsync": "off", "hot_standby": "on", "wal_receiver_status_interval": "1s",
    "wal_retrieve_retry_interval": "100ms",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """Two running servers with the schema of the register."""

    primary: Cluster
    replica: Cluster

    async def caught_up(self, db: Database, copy: Database) -> None:
        """Wait until the replica shows what the primary has now."""
        wanted = await db.fetchval("select pg_current_wal_lsn()::text")
        for _ in range(500):
            if await copy.fetchval("select pg_last_wal_replay_lsn() >= $1::text::pg_lsn", wanted):
                return
            await asyncio.sleep(0.02)
        raise TimeoutError("the replica does not follow")


@asynccontextmanager
async def pair(folder: Path) -> AsyncIterator[Pair]:
    """Both servers, stopped at the end, whichever still runs."""
    primary, replica = (Cluster(load_config(data=folder / name), QUICK) for name in ("primary", "replica"))
    await asyncio.to_thread(primary.open)
    try:
        await migrate(primary.dsn)
        await asyncio.to_thread(_copy, primary, replica)
        await asyncio.to_thread(replica.open)
        yield Pair(primary, replica)
    finally:
        for server in (replica, primary):
            await asyncio.to_thread(server.close)


def _copy(primary: Cluster, replica: Cluster) -> None:
    """pg_basebackup, which leaves a standby behind that streams from the primary."""
    replica._make_directories()
    source = ("-h", primary.sockets, "-U", OWNER)
    replica._run("pg_basebackup", *source, "-D", replica.pgdata, "-R", "-X", "stream", "--checkpoint=fast")
