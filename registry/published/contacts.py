"""A contact by its ROID, whole; the reader's disclosure policy decides what of it is shown."""

from registry.kernel.db import Connection, Database, Record
from registry.published import reading
from registry.published.names import storable
from registry.published.records import ContactRecord

_CONTACT = "select to_json(c) as contact from published.contact c where c.roid = $1"


async def by_roid(db: "Database | Connection[Record]", roid: str) -> ContactRecord | None:
    """The contact, or None."""
    row = await db.fetchrow(_CONTACT, storable(roid))
    return reading.contact(row["contact"]) if row else None
