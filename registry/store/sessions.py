"""Sessions of people, the devices that they are known from, and guesses that did not succeed."""

from dataclasses import dataclass
from datetime import datetime

from registry.kernel.db import Connection, Record

_FIND = """
select s.agent_hash, s.began_at, s.seen_at, s.ends_at, p.username, p.role, p.region, p.uscc, p.name,
       coalesce(p.registrar_id, '') as registrar
from portal_session s join person p on p.username = s.username where s.token_hash = $1 and p.disabled_at is null"""
# The attempt is counted before it is made, in one statement: whoever comes too early finds no row.
_BEGIN_GUESS = """
insert into sign_in_guess as g (account, place, failures, last_at, free_at) values ($1, $2, 1, $3, $3)
on conflict (account, place) do update set failures = g.failures + 1, last_at = $3,
    free_at = $3 + make_interval(secs => case when g.failures < $4 then 0 else least($5, 2.0 ^ least(g.failures - $4, 30)) end)
where g.free_at <= $3 returning failures"""
KEPT_DEVICES = 20  # of one person; the oldest is forgotten, which only means that guesses may slow it down again


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session and its person, as they stand."""

    agent_hash: bytes
    began_at: datetime
    seen_at: datetime
    ends_at: datetime
    username: str
    role: str
    region: str
    uscc: str
    name: str
    registrar: str


async def add(
    conn: "Connection[Record]", token_hash: bytes, username: str, agent_hash: bytes, at: datetime, ends_at: datetime
) -> None:
    """Begin one."""
    await conn.execute(
        "insert into portal_session (token_hash, username, agent_hash, began_at, seen_at, ends_at) values ($1, $2, $3, $4, $4, $5)",
        token_hash, username, agent_hash, at, ends_at,
    )  # fmt: skip


async def find(conn: "Connection[Record]", token_hash: bytes) -> SessionRow | None:
    """The session, unless its person was disabled."""
    row = await conn.fetchrow(_FIND, token_hash)
    return SessionRow(*row) if row else None


async def touch(conn: "Connection[Record]", token_hash: bytes, at: datetime) -> None:
    """Note that it was used; never backwards."""
    await conn.execute(
        "update portal_session set seen_at = greatest(seen_at, $2) where token_hash = $1", token_hash, at
    )


async def end(conn: "Connection[Record]", token_hash: bytes) -> str | None:
    """End one; whose it was, None when there was none."""
    username: str | None = await conn.fetchval(
        "delete from portal_session where token_hash = $1 returning username", token_hash
    )
    return username


async def end_all(conn: "Connection[Record]", username: str) -> None:
    """End all of a person."""
    await conn.execute("delete from portal_session where username = $1", username)


async def end_others(conn: "Connection[Record]", username: str, keep: bytes) -> None:
    """End all of a person but one."""
    await conn.execute("delete from portal_session where username = $1 and token_hash <> $2", username, keep)


async def tidy(conn: "Connection[Record]", now: datetime, guesses_before: datetime) -> None:
    """Drop some of what is over; called often, so a little each time is enough."""
    await conn.execute(
        "delete from portal_session where ctid in (select ctid from portal_session where ends_at < $1 limit 100)", now
    )
    await conn.execute(
        "delete from sign_in_guess where ctid in (select ctid from sign_in_guess where last_at < $1 limit 100)",
        guesses_before,
    )


async def begin_guess(
    conn: "Connection[Record]", account: bytes, place: str, now: datetime, free: int, longest_seconds: float
) -> bool:
    """Count an attempt that begins; False when it comes too early.

    After ``free`` failures the next attempt waits one second, then two, then four, at most ``longest_seconds``.
    """
    return await conn.fetchval(_BEGIN_GUESS, account, place, now, free, longest_seconds) is not None


async def guesses_free_at(conn: "Connection[Record]", account: bytes, place: str) -> datetime | None:
    """When the next attempt is heard."""
    found: datetime | None = await conn.fetchval(
        "select free_at from sign_in_guess where account = $1 and place = $2", account, place
    )
    return found


async def forget_guesses(conn: "Connection[Record]", account: bytes, place: str) -> None:
    """It was the owner."""
    await conn.execute("delete from sign_in_guess where account = $1 and place = $2", account, place)


async def is_known_device(conn: "Connection[Record]", token_hash: bytes, username: str) -> bool:
    """Whether this person signed in from that device before."""
    sql = "select exists (select from known_device where token_hash = $1 and username = $2)"
    return bool(await conn.fetchval(sql, token_hash, username))


async def add_device(conn: "Connection[Record]", token_hash: bytes, username: str, at: datetime) -> None:
    """Know a device from now on."""
    await conn.execute(
        "insert into known_device (token_hash, username, made_at) values ($1, $2, $3) on conflict do nothing",
        token_hash, username, at,
    )  # fmt: skip
    await conn.execute(
        "delete from known_device where username = $1 and token_hash not in "
        "(select token_hash from known_device where username = $1 order by made_at desc limit $2)",
        username, KEPT_DEVICES,
    )  # fmt: skip
