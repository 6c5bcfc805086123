"""Batches that data centres pushed: whose, under which key, and which import each became."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from registry.kernel.db import Connection, Record

# counts and state are those of the import, so that a batch that was taken back says so
_BATCH = """
select b.id, b.client_id, b.centre, b.key, b.request, b.at, b.rows, b.run, r.state, r.counts
from push_batch b join import_run r on r.id = b.run"""
_ADD = """
insert into push_batch (id, client_id, centre, key, request, at, rows, run) values ($1, $2, $3, $4, $5, $6, $7, $8)"""
_RECENT = f"""{_BATCH}
where b.centre = $1 and ($2 = '' or b.key = $2)
  and ($3 = '' or b.number < (select number from push_batch where id = $3 and centre = $1))
order by b.number desc limit $4"""


@dataclass(frozen=True, slots=True)
class PushedBatch:
    """One batch on record: ``state`` is ``applied`` or ``rolled_back``, ``request`` the SHA-256 of what was sent."""

    id: str
    client_id: str
    centre: str
    key: str
    request: bytes
    at: datetime
    rows: int
    run: int
    state: str
    counts: Mapping[str, int]


async def add(
    conn: "Connection[Record]", batch_id: str, client_id: str, centre: str, key: str, request: bytes, at: datetime, rows: int,
    run: int,
) -> None:  # fmt: skip
    """Put a batch on record, in the transaction of its import. ``UniqueViolation`` when the client has used the key."""
    await conn.execute(_ADD, batch_id, client_id, centre, key, request, at, rows, run)


async def find(conn: "Connection[Record]", batch_id: str, centre: str) -> PushedBatch | None:
    """A batch of this centre, or None."""
    return _one(await conn.fetchrow(f"{_BATCH} where b.id = $1 and b.centre = $2", batch_id, centre))


async def find_by_key(conn: "Connection[Record]", client_id: str, key: str) -> PushedBatch | None:
    """What a client sent under a key, or None."""
    return _one(await conn.fetchrow(f"{_BATCH} where b.client_id = $1 and b.key = $2", client_id, key))


async def recent(conn: "Connection[Record]", centre: str, key: str, before: str, limit: int) -> list[PushedBatch]:
    """Batches of a centre, the newest first: those under ``key`` only, and older than the batch ``before``, unless empty."""
    return [PushedBatch(**row) for row in await conn.fetch(_RECENT, centre, key, before, limit)]


def _one(row: Record | None) -> PushedBatch | None:
    return PushedBatch(**row) if row else None
