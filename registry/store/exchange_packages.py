"""Packages that went out and came in, the keys of the centres, and the rows that a centre owns."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from registry.kernel.db import Connection, Record
from registry.model.body import Body
from registry.store.body_past import body_of

EXCHANGE_LOCK = 0x6D6C6B02  # one package at a time, in or out
FETCHED = 2_000  # rows a round trip

_OWNER = "case when b.level = 'central' or left(b.region, 2) in ('00', '10') then '00' else left(b.region, 2) end"
_OWNED = f"""
select to_jsonb(b) as state, coalesce((select jsonb_agg(to_jsonb(n)) from body_name n where n.uscc = b.uscc), '[]') as names,
       array(select s.successor from body_succession s where s.predecessor = b.uscc
             order by s.successor <> b.successor_uscc, s.successor) as successors
from body b where {_OWNER} = $1 and ($2::bigint is null or b.run > $2 or b.imported_at > $3) order by b.uscc"""
_ADD = """
insert into exchange_package (direction, kind, peer, sequence, manifest_sha256, manifest, state, reason_zh, reason_en, at, actor, run, counts)
values ($1, 'data', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning id"""
_SETTLE = """
update exchange_package set state = $2, reason_zh = $3, reason_en = $4, settled_at = $5, run = coalesce($6, run), counts = $7
where id = $1"""
_COLUMNS = "id, direction, peer, sequence, manifest_sha256, state, reason_zh, reason_en, at, settled_at, run, counts"
_NEXT = """
with sent as (select sequence from exchange_package where direction = 'out' and kind = 'data' and peer = $1 and state <> 'refused')
select min(n) from generate_series(1, (select coalesce(max(sequence), 0) + 1 from sent)) n where n not in (select sequence from sent)"""
_PEERS = """
select peer, max(sequence) filter (where state = 'applied') as applied,
       coalesce(array_agg(sequence order by sequence) filter (where state = 'parked'), '{{}}') as parked
from exchange_package where direction = 'in' and kind = 'data' group by peer order by peer"""
_TRUST = """
insert into centre_key (centre, purpose, public_key, added_at, added_by) values ($1, $2, $3, $4, $5)
on conflict (centre, purpose, public_key) do update set revoked_at = null"""


@dataclass(frozen=True, slots=True)
class Exchanged:
    """One package on record.

    ``out`` ones are packed, then acknowledged, parked or refused by the receiver; ``in`` ones are applied, parked or refused.
    """

    id: int
    direction: Literal["in", "out"]
    peer: str
    sequence: int
    manifest_sha256: bytes
    state: str
    reason_zh: str
    reason_en: str
    at: datetime
    settled_at: datetime | None
    run: int | None
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class PeerState:
    """How far a sender's packages are applied, which wait, and which are missing before them."""

    peer: str
    applied: int
    parked: tuple[int, ...]

    @property
    def missing(self) -> tuple[int, ...]:
        """The gap: numbers between what is applied and what waits."""
        return tuple(n for n in range(self.applied + 1, max(self.parked, default=0)) if n not in self.parked)


async def lock(conn: "Connection[Record]") -> None:
    """The turn to pack or record a package, until the transaction ends."""
    await conn.execute("select pg_advisory_xact_lock($1)", EXCHANGE_LOCK)


async def centre_name(conn: "Connection[Record]", centre: str) -> str | None:
    """The name of a data centre, or None."""
    name: str | None = await conn.fetchval("select name from data_centre where id = $1", centre)
    return name


async def trust(conn: "Connection[Record]", centre: str, purpose: str, key: bytes, by: str, at: datetime) -> None:
    """Take a public key (``sign`` or ``seal``) of a centre for its own from now on."""
    await conn.execute(_TRUST, centre, purpose, key, at, by)


async def distrust(conn: "Connection[Record]", centre: str, purpose: str, key: bytes, at: datetime) -> bool:
    """From now on not any more; False when it was not trusted."""
    sql = "update centre_key set revoked_at = $4 where centre = $1 and purpose = $2 and public_key = $3 and revoked_at is null"
    return bool(await conn.execute(sql, centre, purpose, key, at) == "UPDATE 1")


async def keys(conn: "Connection[Record]", centre: str, purpose: str) -> list[bytes]:
    """The trusted keys of a centre, the newest first."""
    sql = "select public_key from centre_key where centre = $1 and purpose = $2 and revoked_at is null order by added_at desc, public_key"
    return [row["public_key"] for row in await conn.fetch(sql, centre, purpose)]


async def owned(
    conn: "Connection[Record]", centre: str, after: "Exchanged | None"
) -> AsyncIterator[tuple[Body, list[str]]]:
    """Bodies of a centre with all their successors, those that were written after a package only, by code; inside a transaction."""
    run, at = (after.run or 0, after.at) if after else (None, None)
    async for row in conn.cursor(_OWNED, centre, run, at, prefetch=FETCHED):
        yield body_of(row["state"], row["names"]), row["successors"]


async def last_run(conn: "Connection[Record]") -> int:
    """The newest import that is applied; 0 when there is none."""
    number: int = await conn.fetchval("select coalesce(max(id), 0) from import_run where state = 'applied'")
    return number


async def next_number(conn: "Connection[Record]", receiver: str) -> int:
    """The number of the next package to a receiver: the first that is not taken, a refused one being sent again."""
    number: int = await conn.fetchval(_NEXT, receiver)
    return number


async def add(
    conn: "Connection[Record]", direction: str, peer: str, sequence: int, sha256: bytes, manifest: Mapping[str, Any],
    state: str, *, zh: str, en: str, at: datetime, actor: str, run: int | None, counts: Mapping[str, int],
) -> int:  # fmt: skip
    """Put one on record."""
    number: int = await conn.fetchval(
        _ADD, direction, peer, sequence, sha256, dict(manifest), state, zh, en, at, actor, run, dict(counts)
    )
    return number


async def settle(
    conn: "Connection[Record]", number: int, state: str, *, zh: str, en: str, at: datetime, run: int | None,
    counts: Mapping[str, int],
) -> None:  # fmt: skip
    """Note what became of one."""
    await conn.execute(_SETTLE, number, state, zh, en, at, run, dict(counts))


async def found(
    conn: "Connection[Record]", direction: str, peer: str, sequence: int, states: tuple[str, ...]
) -> Exchanged | None:
    """The one of this number in one of these states, or None."""
    sql = f"""select {_COLUMNS} from exchange_package
              where direction = $1 and peer = $2 and sequence = $3 and state = any ($4::text[]) order by id desc limit 1"""
    return _one(await conn.fetchrow(sql, direction, peer, sequence, list(states)))


async def peer_state(conn: "Connection[Record]", peer: str) -> PeerState:
    """How far this sender's packages are applied."""
    return next((one for one in await peers(conn) if one.peer == peer), PeerState(peer, 0, ()))


async def peers(conn: "Connection[Record]") -> list[PeerState]:
    """Every sender that sent something."""
    return [PeerState(row["peer"], row["applied"] or 0, tuple(row["parked"])) for row in await conn.fetch(_PEERS)]


async def recent(conn: "Connection[Record]", limit: int = 50) -> list[Exchanged]:
    """The newest first."""
    rows = await conn.fetch(f"select {_COLUMNS} from exchange_package order by id desc limit $1", limit)
    return [one for one in map(_one, rows) if one]


def _one(row: Record | None) -> Exchanged | None:
    return Exchanged(**row) if row else None
