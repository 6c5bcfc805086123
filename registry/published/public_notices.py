"""Public notices (公告) of the register, as everybody reads them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from registry.kernel.db import Connection, Database, Record

_COLUMNS = "number, id, kind, uscc, body_name, region, level, published_at, title_zh, title_en, text_zh, text_en, facts"


@dataclass(frozen=True, slots=True)
class Announcement:
    """``facts`` are lines of what was registered: title in Chinese, in English, value."""

    number: int
    id: str
    kind: str
    uscc: str
    body_name: str
    region: str
    level: str
    published_at: datetime
    title_zh: str
    title_en: str
    text_zh: str
    text_en: str
    facts: Sequence[Any]


async def newest(
    db: "Database | Connection[Record]", word: str, region: str, before: int, limit: int
) -> list[Announcement]:
    """The newest first, with numbers below ``before``; ``word`` is a whole code or a part of a name, ``region`` the first digits of one."""
    named = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    rows = await db.fetch(
        f"select {_COLUMNS} from published.public_notice where number < $4 and region like $3 || '%' "
        "and ($1 = '' or uscc = upper($1) or body_name like '%' || $2 || '%') order by number desc limit $5",
        word, named, region, before, limit,
    )  # fmt: skip
    return [Announcement(*row) for row in rows]


async def find(db: "Database | Connection[Record]", notice_id: str) -> Announcement | None:
    """One, or None."""
    if not (notice_id.isascii() and notice_id.isalnum()):
        return None
    row = await db.fetchrow(f"select {_COLUMNS} from published.public_notice where id = $1", notice_id)
    return Announcement(*row) if row else None
