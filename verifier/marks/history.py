"""What became of a mark since it was issued, as anybody may read it: the changes of its state, without who acted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from registry.kernel.db import Connection, Database, Record
from registry.kernel.errors import Text

MOST = 50  # lines that a page shows; the newest

KIND_WORDS: Mapping[str, tuple[str, Text]] = {
    "mark.issued": ("good", Text("颁发", "issued")),
    "mark.suspended": ("warn", Text("暂停", "suspended")),
    "mark.resumed": ("good", Text("恢复", "resumed")),
    "mark.revoked": ("bad", Text("撤销", "revoked")),
}

_HISTORY = f"""select at, kind, reason from verifier.mark_event where mark_id = $1 and kind = any($2::text[])
order by number desc limit {MOST}"""
_KEEP = """insert into verifier.mark_event (mark_id, number, at, kind, reason)
select $1, coalesce(max(number), 0) + 1, $2, $3, $4 from verifier.mark_event where mark_id = $1"""


@dataclass(frozen=True, slots=True)
class Line:
    """One change."""

    at: datetime
    tone: str
    text: Text
    reason: str


async def read_history(db: "Database | Connection[Record]", mark_id: str) -> list[Line]:
    """The newest changes first."""
    rows = await db.fetch(_HISTORY, mark_id, list(KIND_WORDS))
    return [Line(row["at"], *KIND_WORDS[row["kind"]], row["reason"]) for row in rows]


async def keep(conn: "Connection[Record]", at: datetime, kind: str, mark_id: str, reason: str) -> None:
    """Write a change down, in the transaction that makes it."""
    if kind in KIND_WORDS:
        await conn.execute(_KEEP, mark_id, at, kind, reason)
