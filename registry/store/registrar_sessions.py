"""Sessions that are open, and token buckets: what the processes of the registrars' door share. The tables are not logged."""

from datetime import datetime, timedelta

from registry.kernel.db import Connection, Record

_ENTER = """
insert into registrar_session (id, registrar_id, user_id, address, process, began_at)
select $1, $2, $3, $4, $5, $6
where (select count(*) from registrar_session s join registrar_process p using (process)
       where s.registrar_id = $2 and p.seen_at > $7) < $8
  and ($9::integer is null or (select count(*) from registrar_session s join registrar_process p using (process)
       where s.registrar_id = $2 and s.user_id = $3 and p.seen_at > $7) < $9)"""
# The level grows with time and never over the room; what is taken is whole commands.
_LEASE = """
with bucket as (
    select key, least($2::float8, level + greatest(0, extract(epoch from $4::timestamptz - at)) * $3::float8) as level
    from registrar_budget where key = $1 for update
)
update registrar_budget b set level = bucket.level - least($5::float8, floor(bucket.level)), at = greatest(b.at, $4)
from bucket where b.key = bucket.key returning least($5::float8, floor(bucket.level))::integer as taken"""
_OPEN = """
select s.id, s.user_id, s.address, s.process, s.began_at from registrar_session s join registrar_process p using (process)
where s.registrar_id = $1 and p.seen_at > $2 order by s.began_at, s.id limit 1000"""


async def enter(
    conn: "Connection[Record]",
    session_id: str,
    registrar_id: str,
    user_id: str,
    address: str,
    process: str,
    now: datetime,
    *,
    alive_since: datetime,
    limit: int,
    user_limit: int | None,
) -> bool:
    """Note a session if there is room for it; False when there is none. The caller holds :func:`lock`."""
    tag = await conn.execute(
        _ENTER, session_id, registrar_id, user_id, address, process, now, alive_since, limit, user_limit
    )
    return bool(tag == "INSERT 0 1")


async def lock(conn: "Connection[Record]", registrar_id: str) -> None:
    """Let the registrar's logins of all processes be counted one after the other, until the transaction ends."""
    await conn.execute("select pg_advisory_xact_lock(hashtextextended('sessions ' || $1, 0))", registrar_id)


async def leave(conn: "Connection[Record]", session_ids: list[str]) -> None:
    """They are over."""
    await conn.execute("delete from registrar_session where id = any ($1)", session_ids)


async def beat(
    conn: "Connection[Record]", process: str, now: datetime, session_ids: list[str], dead_for: timedelta
) -> None:
    """The process lives and has these sessions and no others; processes that were not heard of for so long are forgotten."""
    await conn.execute(
        "insert into registrar_process (process, seen_at) values ($1, $2) on conflict (process) do update set seen_at = $2",
        process, now,
    )  # fmt: skip
    await conn.execute("delete from registrar_session where process = $1 and id <> all ($2)", process, session_ids)
    await conn.execute(
        "with gone as (delete from registrar_process where seen_at < $1 returning process)"
        " delete from registrar_session where process in (select process from gone)",
        now - dead_for,
    )


async def end_process(conn: "Connection[Record]", process: str) -> None:
    """It stops in order."""
    await conn.execute("delete from registrar_session where process = $1", process)
    await conn.execute("delete from registrar_process where process = $1", process)


async def open_sessions(conn: "Connection[Record]", registrar_id: str, alive_since: datetime) -> list[Record]:
    """``id, user_id, address, process, began_at`` of the registrar's sessions; at most a thousand."""
    return await conn.fetch(_OPEN, registrar_id, alive_since)


async def lease(conn: "Connection[Record]", key: str, room: int, rate: float, now: datetime, wanted: int) -> int:
    """Take up to ``wanted`` commands out of the bucket, which holds ``room`` and gets ``rate`` a second; how many there were."""
    taken = await conn.fetchval(_LEASE, key, float(room), rate, now, float(wanted))
    if taken is None:
        await conn.execute(
            "insert into registrar_budget (key, level, at) values ($1, $2, $3) on conflict do nothing",
            key,
            float(room),
            now,
        )
        taken = await conn.fetchval(_LEASE, key, float(room), rate, now, float(wanted))
    return int(taken or 0)


async def level(conn: "Connection[Record]", key: str) -> Record | None:
    """``level`` and ``at`` of a bucket, or None when nothing was ever taken out of it."""
    return await conn.fetchrow("select level, at from registrar_budget where key = $1", key)
