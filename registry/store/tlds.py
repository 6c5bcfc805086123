"""The zones that we register names in."""

from registry.kernel.db import Connection, Record
from registry.model.zone import Zone

FIELDS = (
    "name", "unicode", "tld_set", "table_id", "verification", "created_at", "idn_only", "contact_model", "default_years",
    "add_grace", "renew_grace", "auto_renew_grace", "transfer_grace", "transfer_pending", "redemption", "pending_delete",
    "restore_report",
)  # fmt: skip
_COLUMNS = ", ".join(FIELDS)
_PLACES = ", ".join(f"${number}" for number in range(1, len(FIELDS) + 1))
_ADD = f"insert into tld ({_COLUMNS}) values ({_PLACES})"


def columns(table: str, prefix: str) -> str:
    """The columns of a zone for a select list, each named with a prefix so that they stand beside another table's."""
    return ", ".join(f"{table}.{field} as {prefix}{field}" for field in FIELDS)


def zone_from(row: Record, prefix: str = "") -> Zone:
    """The zone in a row that was selected with :func:`columns`."""
    return Zone(**{field: row[prefix + field] for field in FIELDS})


async def find(conn: "Connection[Record]", name: str) -> Zone | None:
    """The zone with this A-label, or None."""
    row = await conn.fetchrow(f"select {_COLUMNS} from tld where name = $1", name)
    return zone_from(row) if row else None


async def find_all(conn: "Connection[Record]") -> list[Zone]:
    """All zones by name."""
    return [zone_from(row) for row in await conn.fetch(f"select {_COLUMNS} from tld order by name")]


async def add(conn: "Connection[Record]", zone: Zone) -> None:
    """Begin to register names in a zone."""
    await conn.execute(_ADD, *(getattr(zone, field) for field in FIELDS))
