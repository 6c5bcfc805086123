"""The lease table: thousands of looks a second handed out to workers that may die at any moment.

Theory of operation. One row a site, round and place. Whoever takes rows (``for update skip locked``, in batches) moves their ``due_at`` to the
end of the lease and raises their ``fence``; whoever finishes moves ``due_at`` to the next look, and only if the fence is still the one he was given.
So a row that a dead worker holds becomes due again by itself, nobody sweeps, and a worker that comes back late writes nothing: results are
written in the transaction that finishes, for the rows that it could finish.

Politeness is part of taking. The row of the host (``verifier.watch_turn``) is locked beside the lease, so no two workers of the fleet are at one
host at once, whatever their places; after the look it stays busy for a second more. Hosts behind a shared address also need one of its turns
(``verifier.turn``); who gets none is put off by a few seconds and costs nothing.

Instants are the caller's (tests hold them still); a clock that jumps makes looks early or late, and :func:`spread` sets right what lies outside
a period, evenly, so that neither a jump nor an hour without a database ends in a storm.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from registry.kernel.db import Connection, Record
from verifier.monitor.rounds import Round

GAP = timedelta(seconds=1)  # between two looks at a host (verifier.md 3.2, rules for fetching)
PUT_OFF = timedelta(seconds=3)  # when a shared address had no turn
SLOTS = 2  # looks at once at a shared address, unless its platform agreed to more
OVERDUE = 2  # periods after which a row is no longer late but lost count

_TAKE = """
with drawn as (
    select l.watch_no, t.address, t.slots, l.due_at
    from verifier.lease l join verifier.watch_turn t on t.watch_no = l.watch_no
    where l.vantage = $1 and l.round = $2 and l.due_at <= $3::timestamptz and t.busy_until <= $3
    order by l.due_at limit $4
    for update of l, t skip locked
), placed as (
    select *, (row_number() over (partition by address order by due_at) - 1 + $7::integer) % greatest(slots, 1) as slot,
           row_number() over (partition by address order by due_at) as place
    from drawn
), turns as (
    insert into verifier.turn (address, slot, until)
    select address, slot, $5::timestamptz from placed where slots > 0 and place <= slots order by address, slot
    on conflict (address, slot) do update set until = excluded.until where verifier.turn.until <= $3
    returning address, slot
), granted as (
    select p.watch_no, p.address, p.slots, p.slot from placed p
    where p.slots = 0 or (p.place <= p.slots and exists (select from turns s where s.address = p.address and s.slot = p.slot))
), busy as (
    update verifier.watch_turn t set busy_until = $5 from granted g where t.watch_no = g.watch_no
), off as (
    update verifier.lease l set due_at = $3 + $8::interval * p.place from placed p
    where l.vantage = $1 and l.round = $2 and l.watch_no = p.watch_no and not exists (select from granted g where g.watch_no = p.watch_no)
)
update verifier.lease l set due_at = $5, fence = fence + 1, worker = $6
from granted g where l.vantage = $1 and l.round = $2 and l.watch_no = g.watch_no
returning l.watch_no, l.fence, l.planned_at, l.failures, l.counted_at, l.etag, l.modified, l.body, g.address, g.slot,
          g.slots > 0 as shared"""

_FINISH = """
with done as (
    select * from unnest($4::integer[], $5::bigint[], $6::timestamptz[], $7::smallint[], $8::timestamptz[], $9::text[], $10::text[], $11::text[])
        as d (no, fence, due_at, failures, counted_at, etag, modified, body)
)
update verifier.lease l set due_at = d.due_at, planned_at = d.due_at, worker = '', failures = d.failures, counted_at = d.counted_at,
       etag = d.etag, modified = d.modified, body = d.body
from done d where l.vantage = $1 and l.round = $2 and l.watch_no = d.no and l.fence = d.fence and l.worker = $3
returning l.watch_no"""

_FREE = """
update verifier.watch_turn t set busy_until = $2,
       address = case when d.address = '' then t.address else d.address end
from unnest($1::integer[], $3::text[]) as d (no, address) where t.watch_no = d.no"""
_FREE_TURNS = """
with mine as (
    select t.ctid from verifier.turn t join unnest($1::text[], $2::smallint[]) as d (address, slot) on t.address = d.address and t.slot = d.slot
    where t.until = $4 order by t.address, t.slot for update of t)
update verifier.turn t set until = $3 from mine where t.ctid = mine.ctid"""

_SPREAD = """
update verifier.lease set due_at = $3::timestamptz + $4::interval * ((hashint4(watch_no) & 65535) / 65536.0),
       planned_at = $3::timestamptz + $4::interval * ((hashint4(watch_no) & 65535) / 65536.0), worker = '', fence = fence + 1
where vantage = $1 and round = $2 and (due_at < $3::timestamptz - $5::interval or due_at > $3::timestamptz + $5::interval)"""

_EXPEDITE = """
update verifier.lease set due_at = least(due_at, $3), planned_at = least(planned_at, $3)
where watch_no = $1 and round = any($2::text[]) and worker = ''"""


@dataclass(frozen=True, slots=True)
class Place:
    """A worker: its own name, and the name of the place that it looks from."""

    vantage: str
    worker: str


@dataclass(frozen=True, slots=True)
class Taken:
    """One look that is ours until ``until``."""

    watch_no: int
    round: str
    fence: int
    planned_at: datetime
    until: datetime
    failures: int = 0
    counted_at: datetime | None = None
    etag: str = ""
    modified: str = ""
    body: str = ""
    address: str = ""
    slot: int = 0
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """What becomes of a look that was made. ``address`` is where the host was reached; empty: not."""

    taken: Taken
    due_at: datetime
    failures: int = 0
    counted_at: datetime | None = None
    etag: str = ""
    modified: str = ""
    body: str = ""
    address: str = ""


async def take(conn: "Connection[Record]", place: Place, each: Round, now: datetime, most: int) -> list[Taken]:
    """Up to ``most`` looks of a round that are due and whose host and address are free, ours for the length of the lease."""
    until = now + each.lease
    offset = now.microsecond % 97  # so that two workers do not ask for the same turn first
    rows = await conn.fetch(
        _TAKE, place.vantage, each.id, now, most, until, place.worker, offset, PUT_OFF
    )  # fmt: skip
    return [
        Taken(
            row["watch_no"], each.id, row["fence"], row["planned_at"], until, row["failures"], row["counted_at"],
            row["etag"], row["modified"], row["body"], row["address"], row["slot"], row["shared"],
        )
        for row in rows
    ]  # fmt: skip


async def finish(
    conn: "Connection[Record]", place: Place, each: Round, done: Sequence[Done], now: datetime
) -> set[int]:
    """Give back; the numbers of the sites whose look was still ours. What a look found may be written for these and no others."""
    if not done:
        return set()
    long_ago = now - timedelta(days=3650)
    rows = await conn.fetch(
        _FINISH, place.vantage, each.id, place.worker, [one.taken.watch_no for one in done], [one.taken.fence for one in done],
        [one.due_at for one in done], [one.failures for one in done], [one.counted_at or long_ago for one in done],
        [one.etag for one in done], [one.modified for one in done], [one.body for one in done],
    )  # fmt: skip
    ours = {row["watch_no"] for row in rows}
    mine = [one for one in done if one.taken.watch_no in ours]
    await conn.execute(_FREE, [one.taken.watch_no for one in mine], now + GAP, [one.address for one in mine])
    shared = [one.taken for one in mine if one.taken.shared]
    if shared:
        await conn.execute(
            _FREE_TURNS, [one.address for one in shared], [one.slot for one in shared], now, shared[0].until
        )
    return ours


async def spread(conn: "Connection[Record]", vantage: str, each: Round, now: datetime) -> int:
    """Set evenly over one period whatever is due more than :data:`OVERDUE` periods ago or ahead; how many there were."""
    answer = await conn.execute(_SPREAD, vantage, each.id, now, each.every, max(each.every * OVERDUE, each.lease))
    return int(answer.rpartition(" ")[2])


async def expedite(conn: "Connection[Record]", watch_no: int, rounds: Sequence[str], at: datetime) -> None:
    """Have the rounds of a site made at every place no later than ``at``."""
    await conn.execute(_EXPEDITE, watch_no, list(rounds), at)
