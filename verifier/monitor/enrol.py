"""Who is watched: every site with a mark, from its issue until its revocation, and our own canaries for ever."""

from collections.abc import Sequence
from datetime import datetime

from registry.kernel.db import Connection, Record
from verifier.monitor.leases import SLOTS
from verifier.monitor.rounds import ROUNDS, places_of
from verifier.monitor.timing import first_due

MOST = 5000  # sites taken in at once; the rest come with the next call

_NEW = """
insert into verifier.watch (site_id, origin, host, since)
select s.id, s.origin, (select min(h.host) from verifier.mark_host h where h.mark_id = m.id), $1
from verifier.mark m join verifier.site s on s.id = m.site_id
where m.state <> 'revoked' and not exists (select from verifier.watch w where w.site_id = s.id)
order by s.id limit $2
returning no"""
_ENDED = """
update verifier.watch w set until = $1 where w.until is null and exists (
    select from verifier.mark m where m.site_id = w.site_id and m.state = 'revoked')
  and not exists (select from verifier.mark m where m.site_id = w.site_id and m.state <> 'revoked')
returning no"""
_LEASES = """
insert into verifier.lease (vantage, round, watch_no, due_at, planned_at)
select d.vantage, d.round, d.no, d.due, d.due from unnest($1::text[], $2::text[], $3::integer[], $4::timestamptz[]) as d (vantage, round, no, due)
on conflict do nothing"""
_LACKING = """
select no from verifier.watch w where w.until is null
  and not exists (select from verifier.lease l where l.vantage = $1 and l.round = $2 and l.watch_no = w.no) order by no limit $3"""
_SHARED = """
with shared as (
    select address from verifier.watch_turn where address <> '' group by address having count(*) > 1)
update verifier.watch_turn t set slots = case when t.address in (select address from shared) then greatest(t.slots, $1) else 0 end
where (t.slots > 0) <> (t.address in (select address from shared))"""


async def enrol(conn: "Connection[Record]", vantages: Sequence[str], now: datetime) -> int:
    """Take in sites with new marks and let go of those without; how many came."""
    new = [row["no"] for row in await conn.fetch(_NEW, now, MOST)]
    await conn.execute("insert into verifier.watch_turn (watch_no) select unnest($1::integer[])", new)
    await plan(conn, new, vantages, now)
    gone = [row["no"] for row in await conn.fetch(_ENDED, now)]
    await conn.execute("delete from verifier.lease where watch_no = any($1::integer[])", gone)
    return len(new)


async def plan(conn: "Connection[Record]", numbers: Sequence[int], vantages: Sequence[str], now: datetime) -> None:
    """Give sites their looks at every place."""
    rows = [
        (vantage, each.id, no, first_due(each, no, now))
        for no in numbers
        for each in ROUNDS
        for vantage in places_of(each, no, tuple(vantages))
    ]
    await conn.execute(_LEASES, *([row[n] for row in rows] for n in range(4)))


async def open_place(conn: "Connection[Record]", vantage: str, now: datetime) -> int:
    """A place that is new looks at every site as well; how many it lacked."""
    lacking: list[int] = []
    for each in (each for each in ROUNDS if each.everywhere):
        found = [row["no"] for row in await conn.fetch(_LACKING, vantage, each.id, MOST)]
        due = [first_due(each, no, now) for no in found]
        await conn.execute(_LEASES, [vantage] * len(found), [each.id] * len(found), found, due)
        lacking.extend(found)
    return len(lacking)


async def share_addresses(conn: "Connection[Record]") -> None:
    """Count turns at addresses behind which more than one watched site lives."""
    await conn.execute(_SHARED, SLOTS)
