"""Orders to move a registry lock: proposed by one person, carried out by another."""

from dataclasses import dataclass
from datetime import datetime

from registry.kernel.db import Connection, Record
from registry.model.lock import Lock, read_lock

_COLUMNS = "id, domain_roid, name, move, hours, reason, about, proposed_by, proposed_at, state, decided_by, decided_at"
_ADD = """
insert into lock_order (domain_roid, name, move, hours, reason, about, proposed_by, proposed_at)
values ($1, $2, $3, $4, $5, $6, $7, $8) returning id"""
_CLOSE = "update lock_order set state = $2, decided_by = $3, decided_at = $4 where id = $1 and state = 'proposed'"


@dataclass(frozen=True, slots=True)
class LockOrder:
    """``about`` is the state of the lock that it was proposed for (``Lock.since``), None for a domain that was not locked."""

    id: int
    domain_roid: str
    name: str
    move: str
    hours: int | None
    reason: str
    about: datetime | None
    proposed_by: str
    proposed_at: datetime
    state: str = "proposed"
    decided_by: str | None = None
    decided_at: datetime | None = None


async def add(conn: "Connection[Record]", order: LockOrder) -> int:
    """Write a new one and give its number. ``UniqueViolation`` when another one for the domain waits."""
    o = order
    number: int = await conn.fetchval(
        _ADD, o.domain_roid, o.name, o.move, o.hours, o.reason, o.about, o.proposed_by, o.proposed_at
    )
    return number


async def lock(conn: "Connection[Record]", number: int) -> LockOrder | None:
    """One, which nobody else can decide until the transaction ends, or None."""
    row = await conn.fetchrow(f"select {_COLUMNS} from lock_order where id = $1 for update", number)
    return LockOrder(**row) if row else None


async def close(conn: "Connection[Record]", number: int, state: str, by: str, at: datetime) -> None:
    """Write what became of it: ``done``, ``withdrawn`` or ``void``."""
    await conn.execute(_CLOSE, number, state, by, at)


async def void(
    conn: "Connection[Record]", domain_roid: str, by: str, at: datetime, proposed_until: datetime | None = None
) -> None:
    """End what waits for a domain; only what was proposed until an instant when one is given."""
    await conn.execute(
        "update lock_order set state = 'void', decided_by = $2, decided_at = $3 "
        "where domain_roid = $1 and state = 'proposed' and ($4::timestamptz is null or proposed_at <= $4)",
        domain_roid, by, at, proposed_until,
    )  # fmt: skip


async def listed(conn: "Connection[Record]", *, only_waiting: bool, limit: int = 200) -> list[LockOrder]:
    """The newest first."""
    rows = await conn.fetch(
        f"select {_COLUMNS} from lock_order where not $1 or state = 'proposed' order by id desc limit $2",
        only_waiting,
        limit,
    )
    return [LockOrder(**row) for row in rows]


async def locked_names(conn: "Connection[Record]", after: str, limit: int) -> list[tuple[str, str, Lock]]:
    """Names under a lock behind ``after`` in their order: A-form, registrar, lock (whose window may be open)."""
    rows = await conn.fetch(
        "select name, registrar_id, lock from domain where lock is not null and name > $1 order by name limit $2",
        after,
        limit,
    )
    return [(row["name"], row["registrar_id"], found) for row in rows if (found := read_lock(row["lock"])) is not None]
