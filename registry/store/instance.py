"""What this database is for: ``production`` or ``ote``; nothing before an instance first started on it."""

from datetime import datetime

from registry.kernel.db import Connection, Record


async def find_kind(conn: "Connection[Record]") -> str | None:
    """The mark, or None."""
    kind: str | None = await conn.fetchval("select kind from instance")
    return kind


async def mark(conn: "Connection[Record]", kind: str, at: datetime) -> None:
    """Write it, once and for all; two that start at once agree or one of them fails."""
    await conn.execute("insert into instance (kind, since) values ($1, $2)", kind, at)
