"""The users of registrars, and the networks that registrars and users log in from."""

from dataclasses import dataclass, field
from datetime import datetime

from registry.kernel.db import Connection, Record
from registry.model.registrar import Limits, Network, Right, UserStatus

_ADD = """
insert into registrar_user (id, registrar_id, name, password_hash, rights, created_at) values ($1, $2, $3, $4, $5, $6)"""
_USERS = """
select id, registrar_id, name, status, status_reason, rights, rate, burst, max_sessions, created_at
from registrar_user where registrar_id = $1 order by id"""
_NETWORKS = """
select id, registrar_id, user_id, network, state, note, asked_by, asked_at, decided_by, decided_at from registrar_network
where registrar_id = $1 and state <> 'ended' order by user_id, network"""
_PROPOSED = """
select id, registrar_id, user_id, network, state, note, asked_by, asked_at, decided_by, decided_at from registrar_network
where state in ('proposed', 'leaving') order by asked_at limit 200"""
_ADD_NETWORK = """
insert into registrar_network (registrar_id, user_id, network, state, note, asked_by, asked_at, decided_by, decided_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id"""


@dataclass(frozen=True, slots=True)
class User:
    """A login beside the registrar's own."""

    id: str
    registrar_id: str
    name: str
    status: UserStatus
    status_reason: str
    rights: frozenset[Right]
    limits: Limits
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ListedNetwork:
    """``state``: proposed, active, leaving (somebody proposed to take it away) or ended. ``user_id`` empty: the registrar's."""

    id: int
    registrar_id: str
    user_id: str
    network: Network
    state: str
    note: str
    asked_by: str
    asked_at: datetime
    decided_by: str = field(default="")
    decided_at: datetime | None = None


async def add(
    conn: "Connection[Record]",
    user_id: str,
    registrar_id: str,
    name: str,
    password_hash: str,
    rights: frozenset[Right],
    at: datetime,
) -> None:
    """Write a user. ``UniqueViolation`` when the id is a login already, ``ForeignKeyViolation`` without registrar."""
    await conn.execute(_ADD, user_id, registrar_id, name, password_hash, sorted(rights), at)


async def listed(conn: "Connection[Record]", registrar_id: str) -> list[User]:
    """The registrar's users in the order of their ids."""
    return [_user(row) for row in await conn.fetch(_USERS, registrar_id)]


async def find(conn: "Connection[Record]", registrar_id: str, user_id: str) -> User | None:
    """The registrar's user of that id, locked, or None."""
    sql = f"select * from ({_USERS}) u where id = $2"
    row = await conn.fetchrow(sql, registrar_id, user_id)
    return _user(row) if row else None


async def set_password(conn: "Connection[Record]", registrar_id: str, user_id: str, password_hash: str) -> bool:
    """Replace the hash; False when there is no such user."""
    sql = "update registrar_user set password_hash = $3 where registrar_id = $1 and id = $2"
    return bool(await conn.execute(sql, registrar_id, user_id, password_hash) == "UPDATE 1")


async def set_status(
    conn: "Connection[Record]", registrar_id: str, user_id: str, status: UserStatus, reason: str
) -> bool:
    """Write it; False when there is no such user, or it was ended."""
    sql = "update registrar_user set status = $3, status_reason = $4 where registrar_id = $1 and id = $2 and status <> 'ended'"
    return bool(await conn.execute(sql, registrar_id, user_id, status.value, reason) == "UPDATE 1")


async def set_rights(conn: "Connection[Record]", registrar_id: str, user_id: str, rights: frozenset[Right]) -> bool:
    """Write them; False when there is no such user."""
    sql = "update registrar_user set rights = $3 where registrar_id = $1 and id = $2"
    return bool(await conn.execute(sql, registrar_id, user_id, sorted(rights)) == "UPDATE 1")


async def set_limits(conn: "Connection[Record]", registrar_id: str, user_id: str, limits: Limits) -> bool:
    """Write them; False when there is no such user."""
    sql = "update registrar_user set rate = $3, burst = $4, max_sessions = $5 where registrar_id = $1 and id = $2"
    tag = await conn.execute(sql, registrar_id, user_id, limits.rate, limits.burst, limits.sessions)
    return bool(tag == "UPDATE 1")


async def networks(conn: "Connection[Record]", registrar_id: str) -> list[ListedNetwork]:
    """Those of the registrar and its users that are not over."""
    return [ListedNetwork(*row) for row in await conn.fetch(_NETWORKS, registrar_id)]


async def proposals(conn: "Connection[Record]") -> list[ListedNetwork]:
    """What an operator has to decide, the oldest first; at most two hundred."""
    return [ListedNetwork(*row) for row in await conn.fetch(_PROPOSED)]


async def add_network(conn: "Connection[Record]", one: ListedNetwork) -> int:
    """Write it (``id`` is given by the database). ``UniqueViolation`` when it is on the list already."""
    number: int = await conn.fetchval(
        _ADD_NETWORK, one.registrar_id, one.user_id, one.network, one.state, one.note, one.asked_by, one.asked_at,
        one.decided_by, one.decided_at,
    )  # fmt: skip
    return number


async def find_network(conn: "Connection[Record]", number: int) -> ListedNetwork | None:
    """One that is not over, locked, or None."""
    row = await conn.fetchrow(
        "select id, registrar_id, user_id, network, state, note, asked_by, asked_at, decided_by, decided_at"
        " from registrar_network where id = $1 and state <> 'ended' for update",
        number,
    )
    return ListedNetwork(*row) if row else None


async def set_network_state(
    conn: "Connection[Record]", number: int, state: str, *, by: str, at: datetime, asked_by: str = ""
) -> None:
    """Move it; ``asked_by`` when somebody proposed the move."""
    await conn.execute(
        "update registrar_network set state = $2, decided_by = $3, decided_at = $4,"
        " asked_by = case when $5 = '' then asked_by else $5 end where id = $1",
        number, state, by, at, asked_by,
    )  # fmt: skip


async def lock(conn: "Connection[Record]", registrar_id: str) -> bool:
    """Hold the registrar's row until the act ends, so that two changes of its lists follow each other; False without registrar."""
    return await conn.fetchval("select id from registrar where id = $1 for update", registrar_id) is not None


async def recent_addresses(conn: "Connection[Record]", registrar_id: str, user_id: str, since: datetime) -> list[str]:
    """Where the registrar (or one user of it) has sessions now, or logged in from since."""
    rows = await conn.fetch(
        "select address from registrar_session where registrar_id = $1 and ($2 = '' or user_id = $2) union"
        " select address from command_log where registrar_id = $1 and at > $3 and command = 'login' and code = 1000 and mode = ''"
        " and ($2 = '' or user_id = $2)",
        registrar_id, user_id, since,
    )  # fmt: skip
    return sorted(row["address"] for row in rows)


def _user(row: Record) -> User:
    return User(
        row["id"],
        row["registrar_id"],
        row["name"],
        UserStatus(row["status"]),
        row["status_reason"],
        frozenset(map(Right, row["rights"])),
        Limits(row["rate"], row["burst"], row["max_sessions"]),
        row["created_at"],
    )
