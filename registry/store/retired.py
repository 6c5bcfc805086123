"""Names that were official once: they go back to the body that held them or to nobody (design, law 9)."""

from datetime import datetime

from registry.kernel.db import Connection, Record
from registry.model.domain import Domain

_ADD = """
insert into retired_name (tld_set, table_id, index_label, unicode, uscc, retired_at, reason) values ($1, $2, $3, $4, $5, $6, $7)
on conflict (tld_set, table_id, index_label) do update set unicode = $4, uscc = $5, retired_at = $6, reason = $7"""
_HOLDER = "select uscc from retired_name where tld_set = $1 and table_id = $2 and index_label = $3"


async def retire(conn: "Connection[Record]", domain: Domain, unicode: str, at: datetime, reason: str) -> None:
    """Keep the name of a domain for its body. Once again retired, it is the last body's."""
    await conn.execute(_ADD, domain.tld_set, domain.table_id, domain.index_label, unicode, domain.uscc, at, reason)


async def holder_of(conn: "Connection[Record]", tld_set: str, table_id: str, index_label: str) -> str | None:
    """The body that a retired name is kept for, or None."""
    uscc: str | None = await conn.fetchval(_HOLDER, tld_set, table_id, index_label)
    return uscc
