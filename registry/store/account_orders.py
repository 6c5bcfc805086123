"""Orders about accounts that two officers decide, and the letters with which owners set their accounts up."""

from dataclasses import dataclass, field
from datetime import datetime

from registry.kernel.db import Connection, Record

_COLUMNS = (
    "id, kind, username, name, role, region, uscc, registrar, reason, asked_by, asked_at, state, decided_by, decided_at"
)
_ADD = """
insert into account_order (kind, username, name, role, region, uscc, registrar, reason, asked_by, asked_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning id"""
_DECIDE = "update account_order set state = $2, decided_by = $3, decided_at = $4 where id = $1 and state = 'asked'"


@dataclass(frozen=True, slots=True)
class AccountOrder:
    """``kind`` is open or restore; ``state`` asked, done or refused."""

    id: int
    kind: str
    username: str
    name: str
    role: str
    region: str
    uscc: str
    registrar: str
    reason: str
    asked_by: str
    asked_at: datetime
    state: str = "asked"
    decided_by: str = ""
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Setup:
    """A letter that was not used and is not over."""

    username: str
    totp_secret: str = field(repr=False)
    ends_at: datetime


async def add(conn: "Connection[Record]", one: AccountOrder) -> int:
    """Write an order (its id is given by the table); raises UniqueViolation while another for this name waits."""
    return int(
        await conn.fetchval(
            _ADD, one.kind, one.username, one.name, one.role, one.region, one.uscc, one.registrar, one.reason, one.asked_by, one.asked_at
        )
    )  # fmt: skip


async def lock(conn: "Connection[Record]", order_id: int) -> AccountOrder | None:
    """One, which nobody else decides until the transaction ends."""
    row = await conn.fetchrow(f"select {_COLUMNS} from account_order where id = $1 for update", order_id)
    return AccountOrder(*row) if row else None


async def decide(conn: "Connection[Record]", order_id: int, state: str, by: str, at: datetime) -> bool:
    """Write what became of it; False when it does not wait any more."""
    return bool(await conn.execute(_DECIDE, order_id, state, by, at) == "UPDATE 1")


async def recent(conn: "Connection[Record]", limit: int) -> list[AccountOrder]:
    """Those that wait first, then the newest."""
    rows = await conn.fetch(f"select {_COLUMNS} from account_order order by state <> 'asked', id desc limit $1", limit)
    return [AccountOrder(*row) for row in rows]


async def add_setup(
    conn: "Connection[Record]", token_hash: bytes, username: str, totp_secret: str, now: datetime, ends_at: datetime
) -> None:
    """A new letter; every one before it is worth nothing."""
    await conn.execute("update account_setup set ends_at = $2 where username = $1 and ends_at > $2", username, now)
    await conn.execute(
        "insert into account_setup (token_hash, username, totp_secret, made_at, ends_at) values ($1, $2, $3, $4, $5)",
        token_hash, username, totp_secret, now, ends_at,
    )  # fmt: skip


async def open_setup(conn: "Connection[Record]", token_hash: bytes, now: datetime) -> Setup | None:
    """The letter, if it is good now; nobody else uses it until the transaction ends."""
    row = await conn.fetchrow(
        "select username, totp_secret, ends_at from account_setup where token_hash = $1 and used_at is null and ends_at > $2 for update",
        token_hash, now,
    )  # fmt: skip
    return Setup(*row) if row else None


async def use_setup(conn: "Connection[Record]", token_hash: bytes, now: datetime) -> None:
    """It was used."""
    await conn.execute("update account_setup set used_at = $2 where token_hash = $1", token_hash, now)
