"""What is written beside a mark whenever it changes: the change row that others follow, and the entry of the audit chain (design, law 2)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from registry.kernel.db import Connection, Record
from registry.kernel.feed import announce
from registry.kernel.ids import new_transaction_id
from registry.kernel.journal import append
from verifier.marks.history import keep


async def record(
    conn: "Connection[Record]", at: datetime, actor: str, kind: str, mark_id: str, detail: Mapping[str, Any]
) -> None:
    """Write them in the caller's transaction; after the commit the caller wakes the feed."""
    await announce(conn, at, kind, mark_id, {**detail, "actor": actor})
    await keep(conn, at, kind, mark_id, str(detail.get("reason", "")))
    await append(conn, at, actor, kind, mark_id, new_transaction_id(), detail)
