"""Changes of name servers and DS records that holders ask for in the portal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from registry.kernel.db import Connection, Record

_COLUMNS = "id, name, roid, uscc, before, after, state, asked_by, asked_at, decided_by, decided_at, undone_by, undone_at, is_guarded"
_ADD = """
insert into holder_change (name, roid, uscc, before, after, state, asked_by, asked_at, decided_by, decided_at, is_guarded)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id"""
_DECIDE = """
update holder_change set state = $2, decided_by = $3, decided_at = $4 where id = $1 and state = 'asked'"""


@dataclass(frozen=True, slots=True)
class HolderChange:
    """``before`` and ``after`` are ``{"servers": [{"name", "addresses"}], "signers": ["60485 13 2 AB…"]}``."""

    id: int
    name: str
    roid: str
    uscc: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    state: str
    asked_by: str
    asked_at: datetime
    decided_by: str
    decided_at: datetime | None
    undone_by: str
    undone_at: datetime | None
    is_guarded: bool


async def add(conn: "Connection[Record]", one: HolderChange) -> int:
    """Write it (its id is given by the table); raises UniqueViolation while another of the name waits."""
    return int(
        await conn.fetchval(
            _ADD, one.name, one.roid, one.uscc, dict(one.before), dict(one.after), one.state, one.asked_by, one.asked_at,
            one.decided_by, one.decided_at, one.is_guarded,
        )
    )  # fmt: skip


async def lock(conn: "Connection[Record]", change_id: int) -> HolderChange | None:
    """One, which nobody else decides until the transaction ends."""
    row = await conn.fetchrow(f"select {_COLUMNS} from holder_change where id = $1 for update", change_id)
    return HolderChange(*row) if row else None


async def decide(conn: "Connection[Record]", change_id: int, state: str, by: str, at: datetime) -> None:
    """Write what became of one that waits."""
    await conn.execute(_DECIDE, change_id, state, by, at)


async def mark_undone(conn: "Connection[Record]", change_id: int, by: str, at: datetime) -> None:
    """What was before is again."""
    await conn.execute(
        "update holder_change set state = 'undone', undone_by = $2, undone_at = $3 where id = $1", change_id, by, at
    )


async def of_name(conn: "Connection[Record]", roid: str, limit: int) -> list[HolderChange]:
    """Those of one name, the newest first."""
    rows = await conn.fetch(
        f"select {_COLUMNS} from holder_change where roid = $1 order by id desc limit $2", roid, limit
    )
    return [HolderChange(*row) for row in rows]


_ALONE = """
select c.id, c.name, c.uscc, b.name as body, b.region, b.level, c.asked_by, c.asked_at, c.before, c.after
from holder_change c join body b using (uscc)
where c.state = 'asked' and b.region between $1 and $2 and b.level = any ($3)
  and (select count(*) from person p where p.role = 'agency' and p.uscc = c.uscc and p.disabled_at is null and p.password_hash <> '') < 2
order by c.id limit $4"""


@dataclass(frozen=True, slots=True)
class Alone:
    """A change that waits for a reviewer, because the body has nobody else."""

    id: int
    name: str
    uscc: str
    body: str
    region: str
    level: str
    asked_by: str
    asked_at: datetime
    before: Mapping[str, Any]
    after: Mapping[str, Any]


async def of_bodies_alone(
    conn: "Connection[Record]", low: str, high: str, levels: Sequence[str], limit: int
) -> list[Alone]:
    """The oldest first, of bodies with one account between these regions and of these levels."""
    return [Alone(*row) for row in await conn.fetch(_ALONE, low, high, list(levels), limit)]
