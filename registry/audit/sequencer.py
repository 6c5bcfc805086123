"""The sequencer: seals committed entries into the chain, so that writers need not queue for it.

One transaction locks the head, takes the entries that were committed and have no position, in the order in which they were committed
(PostgreSQL's commit timestamps when they are kept, the order of writing within one glance otherwise), and writes positions and hashes. Any number of
sequencers may run: the lock lets one work at a time.
"""

import asyncio

from registry.audit.chain import Entry, Sealed, seal
from registry.kernel.clock import Clock
from registry.kernel.db import Connection, Database, Record
from registry.kernel.errors import Refusal

BATCH = 2000  # bounds memory and the time for which the head is locked; the next batch follows at once
PAUSE_SECONDS = 0.25  # a quarter of the second within which an entry must be sealed

_HEAD = "select position, hash from audit_head for update"
_UNSEALED = (
    "select id, at, actor, act, subject, trid, detail from audit_entry where position is null order by {order} limit $1"
)
_WRITE = """
update audit_entry e set position = s.position, previous = s.previous, hash = s.hash
from unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::bytea[]) as s (id, position, previous, hash) where e.id = s.id"""
_MOVE = "update audit_head set position = $1, hash = $2"
_TRACKED = "select current_setting('track_commit_timestamp') = 'on'"


async def seal_once(db: Database) -> int:
    """Seal what is waiting, at most one batch; returns how many entries were sealed."""
    return await db.run(_seal_batch)


async def _seal_batch(conn: "Connection[Record]") -> int:
    head = await conn.fetchrow(_HEAD)
    order = "pg_xact_commit_timestamp(xmin), id" if await conn.fetchval(_TRACKED) else "id"
    rows = await conn.fetch(_UNSEALED.format(order=order), BATCH)
    if not rows or head is None:
        return 0
    sealed = list(seal((Entry(*row) for row in rows), head["position"], head["hash"]))
    await _write(conn, sealed)
    return len(sealed)


async def _write(conn: "Connection[Record]", sealed: list[Sealed]) -> None:
    await conn.execute(
        _WRITE,
        [one.entry.id for one in sealed],
        [one.position for one in sealed],
        [one.previous for one in sealed],
        [one.hash for one in sealed],
    )
    await conn.execute(_MOVE, sealed[-1].position, sealed[-1].hash)


async def run_sequencer(db: Database, clock: Clock, stopping: asyncio.Event) -> None:
    """Seal until told to stop, then once more, so that a clean stop leaves nothing unsealed."""
    while not stopping.is_set():
        try:
            sealed = await seal_once(db)
        except Refusal:  # the database is away; entries wait where they are
            sealed = 0
        if sealed < BATCH:
            await clock.sleep(PAUSE_SECONDS)
    while await seal_once(db) == BATCH:
        pass
