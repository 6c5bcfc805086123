"""What every change of an object leaves behind: a history row, an audit entry and a change row, in one statement.

Three statements would be three round trips under the locks of the act; each table is described where it is read: history in
``registry.store.history``, the audit chain in ``registry.kernel.journal``, the feed in ``registry.kernel.feed``.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from registry.kernel.db import Connection, Record
from registry.kernel.journal import canonical

_KEEP = """
with kept as (
    insert into history (object, subject, act, actor, trid, client_trid, at, snapshot)
    values ($1, $2, $3, $4, $5, $6, $7, $8::text::jsonb)
), entered as (
    insert into audit_entry (at, actor, act, subject, trid, detail) values ($7, $4, $3, $2, $5, $8)
)
insert into change (at, kind, subject, detail) values ($7, $3, $2, $9)"""


async def keep(
    conn: "Connection[Record]",
    kind: str,
    subject: str,
    *,
    actor: str,
    trid: str,
    client_trid: str,
    at: datetime,
    snapshot: Mapping[str, Any],
    detail: Mapping[str, Any],
) -> None:
    """Write the three rows in the caller's transaction. ``kind`` is ``object.verb``; ``snapshot`` must hold no secret."""
    noun = kind.partition(".")[0]
    await conn.execute(
        _KEEP, noun, subject, kind, actor, trid, client_trid, at, canonical(snapshot), dict(detail)
    )  # fmt: skip
