"""Accounts of people."""

from dataclasses import dataclass, field
from datetime import datetime

from registry.kernel.db import Connection, Record
from registry.model.person import Person, Role

_ADD = """
insert into person (username, name, role, region, uscc, password_hash, totp_secret, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)"""


async def add(
    conn: "Connection[Record]",
    username: str,
    name: str,
    role: Role,
    region: str,
    uscc: str,
    password_hash: str,
    totp_secret: str,
    at: datetime,
) -> None:
    """Add one account."""
    await conn.execute(_ADD, username, name, role.value, region, uscc, password_hash, totp_secret, at)


@dataclass(frozen=True, slots=True)
class Account:
    """An account with what proves its owner; only the sign-in reads it."""

    person: Person
    password_hash: str = field(repr=False)
    totp_secret: str = field(repr=False)
    disabled_at: datetime | None


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """An account as a security officer sees it. ``last_seen_at`` is of sessions that still run."""

    username: str
    role: str
    region: str
    uscc: str
    name: str
    created_at: datetime
    disabled_at: datetime | None
    disabled_by: str
    disabled_reason: str
    sessions: int
    last_seen_at: datetime | None


async def find(conn: "Connection[Record]", username: str) -> Account | None:
    """The account, also a disabled one, or None."""
    row = await conn.fetchrow(
        "select username, role, region, uscc, name, password_hash, totp_secret, disabled_at from person where username = $1",
        username,
    )
    if row is None:
        return None
    person = Person(row["username"], Role(row["role"]), row["region"], row["uscc"], row["name"])
    return Account(person, row["password_hash"], row["totp_secret"], row["disabled_at"])


async def take_step(conn: "Connection[Record]", username: str, step: int) -> bool:
    """Use up a time step of the second factor; False when it, or a later one, was used before."""
    tag = await conn.execute("update person set totp_step = $2 where username = $1 and totp_step < $2", username, step)
    return bool(tag == "UPDATE 1")


_LISTED = """
select p.username, p.role, p.region, p.uscc, p.name, p.created_at, p.disabled_at, p.disabled_by, p.disabled_reason,
       count(s.username) as sessions, max(s.seen_at) as last_seen_at
from person p left join portal_session s on s.username = p.username and s.ends_at > $1
where p.username > $2 and ($4 = '' or p.username = $4)
group by p.username order by p.username limit $3"""


async def listed(conn: "Connection[Record]", now: datetime, after: str, limit: int) -> list[ListedPerson]:
    """Accounts in the order of their names, after ``after``."""
    return [ListedPerson(*row) for row in await conn.fetch(_LISTED, now, after, limit, "")]


async def one_listed(conn: "Connection[Record]", now: datetime, username: str) -> ListedPerson | None:
    """One account as it is listed, or None."""
    row = await conn.fetchrow(_LISTED, now, "", 1, username) if username else None
    return ListedPerson(*row) if row else None


async def count_active(conn: "Connection[Record]", role: Role) -> int:
    """How many of a role can sign in. Their rows are locked, so that two people cannot disable the last two at once."""
    rows = await conn.fetch(
        "select username from person where role = $1 and disabled_at is null order by username for update", role.value
    )
    return len(rows)


async def disable(conn: "Connection[Record]", username: str, at: datetime, by: str, reason: str) -> bool:
    """Let nobody sign in with it any more; False when nobody could."""
    tag = await conn.execute(
        "update person set disabled_at = $2, disabled_by = $3, disabled_reason = $4 where username = $1 and disabled_at is null",
        username, at, by, reason,
    )  # fmt: skip
    return bool(tag == "UPDATE 1")
