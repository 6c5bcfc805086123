"""Maintenance windows of the registry's own systems (RFC 9167)."""

from datetime import datetime

from registry.kernel.db import Connection, Record
from registry.model.maintenance import Impact, Maintenance

_FIELDS = (
    "id", "title", "systems", "environment", "starts_at", "ends_at", "reason", "detail", "description_zh", "description_en", "tlds",
    "reconnect", "reimplement", "created_at", "created_by", "updated_at", "cancelled_at", "reminded_at", "closed_at",
)  # fmt: skip
_COLUMNS = ", ".join(_FIELDS)
_PLACES = ", ".join(f"${number}" for number in range(1, len(_FIELDS) + 1))
_KEPT = ", ".join(f"{field} = ${number}" for number, field in enumerate(_FIELDS[1:], 2))
_DUE = f"""
select {_COLUMNS} from maintenance
where closed_at is null and cancelled_at is null and (ends_at <= $1 or (reminded_at is null and starts_at <= $2))
order by starts_at, id"""


async def add(conn: "Connection[Record]", one: Maintenance) -> None:
    """Write a new one. ``UniqueViolation`` when the id is taken."""
    await conn.execute(f"insert into maintenance ({_COLUMNS}) values ({_PLACES})", *_values(one))


async def save(conn: "Connection[Record]", one: Maintenance) -> None:
    """Write everything of it that can change."""
    await conn.execute(f"update maintenance set {_KEPT} where id = $1", *_values(one))


async def find(conn: "Connection[Record]", identifier: str) -> Maintenance | None:
    """One, or None."""
    row = await conn.fetchrow(f"select {_COLUMNS} from maintenance where id = $1", identifier)
    return _maintenance(row) if row else None


async def lock(conn: "Connection[Record]", identifier: str) -> Maintenance | None:
    """The same, and nobody else can change it until the transaction ends."""
    row = await conn.fetchrow(f"select {_COLUMNS} from maintenance where id = $1 for update", identifier)
    return _maintenance(row) if row else None


async def since(conn: "Connection[Record]", instant: datetime) -> list[Maintenance]:
    """Those that end after the instant and were not called off, the earliest first."""
    rows = await conn.fetch(
        f"select {_COLUMNS} from maintenance where ends_at > $1 and cancelled_at is null order by starts_at, id",
        instant,
    )
    return [_maintenance(row) for row in rows]


async def due(conn: "Connection[Record]", now: datetime, remind_before: datetime) -> list[Maintenance]:
    """Those that are over, or begin before the instant, and of which this was not told yet."""
    return [_maintenance(row) for row in await conn.fetch(_DUE, now, remind_before)]


async def audience(conn: "Connection[Record]") -> list[str]:
    """The registrars that are told: everyone that was admitted and has not ended."""
    rows = await conn.fetch("select id from registrar where status not in ('pending', 'terminated') order by id")
    return [row["id"] for row in rows]


def _values(one: Maintenance) -> list[object]:
    systems = [{"name": each.name, "host": each.host, "impact": each.impact} for each in one.systems]
    plain = {"systems": systems, "tlds": list(one.tlds)}
    return [plain.get(field, getattr(one, field)) for field in _FIELDS]


def _maintenance(row: Record) -> Maintenance:
    said = dict(row)
    systems = tuple(Impact(**each) for each in said.pop("systems"))
    return Maintenance(**{**said, "tlds": tuple(said["tlds"])}, systems=systems)
