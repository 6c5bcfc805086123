"""Allocation tokens (RFC 8495): issued by operators, each for one name and one act, used up once."""

from dataclasses import dataclass, field
from datetime import datetime

from registry.kernel.db import Connection, Record

_COLUMNS = (
    "id, token, act, name, tld_set, table_id, index_label, registrar_id, valid_from, valid_until, issued_at, issued_by, reason, "
    "used_at, used_by, used_for, revoked_at, revoked_by"
)
_ADD = """
insert into allocation_token (token, act, name, tld_set, table_id, index_label, registrar_id, valid_from, valid_until, issued_at, issued_by, reason)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning id"""
# The row lock of the update decides between two who show the same token; the loser finds it used.
_USE = """
update allocation_token k set used_at = $6, used_by = $3, used_for = $7
from tld t
where k.token = $1 and k.act = $2 and coalesce(k.registrar_id, $3) = $3 and t.name = $4 and k.tld_set = t.tld_set and k.table_id = t.table_id
  and k.index_label = $5 and k.used_at is null and k.revoked_at is null and k.valid_from <= $8 and $8 < k.valid_until
returning k.id"""
_REVOKE = """
update allocation_token set revoked_at = $2, revoked_by = $3 where id = $1 and used_at is null and revoked_at is null"""


def alive(act: str, zone: str, index_label: str, now: str) -> str:
    """SQL: the token ``k`` may be used for ``act`` on a name. The other arguments are SQL themselves; ``zone`` is a row of ``tld``."""
    return f"""k.index_label = {index_label} and k.tld_set = {zone}.tld_set and k.table_id = {zone}.table_id and k.act = '{act}'
        and k.used_at is null and k.revoked_at is null and k.valid_from <= {now} and {now} < k.valid_until"""


_LIVE = f"""
select k.token, k.registrar_id from allocation_token k join tld t on t.name = $1
where {alive("transfer", "t", "$2", "$3")} order by k.id"""


@dataclass(frozen=True, slots=True)
class Token:
    """``act`` is ``create`` or ``transfer``; ``registrar_id`` None: whichever registrar shows it. ``token`` is a secret."""

    id: int
    token: str = field(repr=False)
    act: str
    name: str
    tld_set: str
    table_id: str
    index_label: str
    registrar_id: str | None
    valid_from: datetime
    valid_until: datetime
    issued_at: datetime
    issued_by: str
    reason: str
    used_at: datetime | None = None
    used_by: str = ""
    used_for: str = ""
    revoked_at: datetime | None = None
    revoked_by: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """What somebody wants to do with a token. ``at`` is the instant that its validity is judged by."""

    token: str = field(repr=False)
    act: str
    registrar_id: str
    tld: str
    index_label: str
    roid: str
    at: datetime


async def add(conn: "Connection[Record]", token: Token) -> int:
    """Write a new one and give its number."""
    t = token
    number: int = await conn.fetchval(
        _ADD, t.token, t.act, t.name, t.tld_set, t.table_id, t.index_label, t.registrar_id, t.valid_from, t.valid_until,
        t.issued_at, t.issued_by, t.reason,
    )  # fmt: skip
    return number


async def use(conn: "Connection[Record]", use: Use, now: datetime) -> int | None:
    """Use it up and give its number; None when it does not fit, was used, revoked, or is over. Two never use the same one."""
    number: int | None = await conn.fetchval(
        _USE, use.token, use.act, use.registrar_id, use.tld, use.index_label, now, use.roid, use.at
    )
    return number


async def live_transfer(
    conn: "Connection[Record]", tld: str, index_label: str, now: datetime
) -> list[tuple[str, str | None]]:
    """The tokens that a transfer of the name wants one of, each with the registrar that it is for (None: any)."""
    return [(row["token"], row["registrar_id"]) for row in await conn.fetch(_LIVE, tld, index_label, now)]


async def find(conn: "Connection[Record]", number: int) -> Token | None:
    """One, held fast until the transaction ends, or None."""
    row = await conn.fetchrow(f"select {_COLUMNS} from allocation_token where id = $1 for update", number)
    return Token(**row) if row else None


async def listed(conn: "Connection[Record]", name: str = "", limit: int = 200) -> list[Token]:
    """The newest first; only those of one name when one is given."""
    rows = await conn.fetch(
        f"select {_COLUMNS} from allocation_token where $1 = '' or name = $1 order by id desc limit $2", name, limit
    )
    return [Token(**row) for row in rows]


async def revoke(conn: "Connection[Record]", number: int, at: datetime, by: str) -> bool:
    """End it; False when it was used or revoked before."""
    return bool(await conn.execute(_REVOKE, number, at, by) == "UPDATE 1")
