"""Accounts of people."""

from dataclasses import dataclass, field
from datetime import datetime

from registry.kernel.db import Connection, Record
from registry.model.person import Person, Role

_ADD = """
insert into person (username, name, role, region, uscc, password_hash, totp_secret, created_at, registrar_id)
values ($1, $2, $3, $4, $5, $6, $7, $8, nullif($9, ''))"""


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
    registrar: str = "",
) -> None:
    """Add one account."""
    await conn.execute(_ADD, username, name, role.value, region, uscc, password_hash, totp_secret, at, registrar)


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
        "select username, role, region, uscc, name, coalesce(registrar_id, '') as registrar, password_hash, totp_secret, disabled_at"
        " from person where username = $1",
        username,
    )
    if row is None:
        return None
    person = Person(row["username"], Role(row["role"]), row["region"], row["uscc"], row["name"], row["registrar"])
    return Account(person, row["password_hash"], row["totp_secret"], row["disabled_at"])


async def of_role(conn: "Connection[Record]", role: Role, region: str, limit: int = 100) -> list[Person]:
    """Accounts of a role that can sign in and whose region begins as this one does, for whoever looks closer."""
    rows = await conn.fetch(
        "select username, role, region, uscc, name from person where role = $1 and disabled_at is null "
        "and (left(region, 2) = left($2, 2) or role = 'reviewer-central') order by username limit $3",
        role.value, region, limit,
    )  # fmt: skip
    return [Person(row["username"], Role(row["role"]), row["region"], row["uscc"], row["name"]) for row in rows]


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


async def reset(conn: "Connection[Record]", username: str) -> None:
    """Nobody can sign in until the owner has set it up anew; one that was disabled is no longer."""
    await conn.execute(
        "update person set password_hash = '', totp_secret = '', totp_step = 0, disabled_at = null, disabled_by = '', "
        "disabled_reason = '' where username = $1",
        username,
    )


async def equip(conn: "Connection[Record]", username: str, password_hash: str, totp_secret: str, step: int) -> None:
    """What proves the owner from now on; the code that showed it is used up."""
    await conn.execute(
        "update person set password_hash = $2, totp_secret = $3, totp_step = $4 where username = $1",
        username, password_hash, totp_secret, step,
    )  # fmt: skip


async def set_password(conn: "Connection[Record]", username: str, password_hash: str) -> None:
    """Another password."""
    await conn.execute("update person set password_hash = $2 where username = $1", username, password_hash)


async def count_of_body(conn: "Connection[Record]", uscc: str) -> int:
    """How many can sign in for a body."""
    sql = "select count(*) from person where role = 'agency' and uscc = $1 and disabled_at is null and password_hash <> ''"
    return int(await conn.fetchval(sql, uscc))
