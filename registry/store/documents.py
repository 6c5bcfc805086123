"""Documents: what was uploaded, and the sealed content beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from registry.kernel.db import Connection, Record

Subject = Literal["institution", "application"]
_COLUMNS = "id, subject_kind, subject, purpose, name, kind, octets, sha256, scan, key_id, taken_at, taken_by, removed_at, removed_by"
_ADD = f"""
with kept as (
    insert into document ({_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, null, '') returning id
)
insert into document_content (document_id, sealed) select id, $13 from kept"""
_REMOVE = """
with gone as (
    update document set removed_at = $2, removed_by = $3 where id = $1 and removed_at is null returning id
)
delete from document_content where document_id in (select id from gone)"""


@dataclass(frozen=True, slots=True)
class Document:
    """``subject`` is the id of the act or application that it belongs to; ``purpose`` what it is to prove; ``kind`` as it was recognised.

    ``scan`` is ``clean`` or ``not_scanned``; ``key_id`` names the key under which the content is sealed.
    """

    id: str
    subject_kind: Subject
    subject: str
    purpose: str
    name: str
    kind: str
    octets: int
    sha256: bytes
    scan: str
    key_id: str
    taken_at: datetime
    taken_by: str
    removed_at: datetime | None = None
    removed_by: str = ""


async def add(conn: "Connection[Record]", one: Document, sealed: bytes) -> None:
    """Keep it with its content."""
    await conn.execute(
        _ADD, one.id, one.subject_kind, one.subject, one.purpose, one.name, one.kind, one.octets, one.sha256, one.scan, one.key_id,
        one.taken_at, one.taken_by, sealed,
    )  # fmt: skip


async def find(conn: "Connection[Record]", document_id: str) -> Document | None:
    """One, also one that was removed, or None."""
    row = await conn.fetchrow(f"select {_COLUMNS} from document where id = $1", document_id)
    return Document(*row) if row else None


async def content(conn: "Connection[Record]", document_id: str) -> bytes | None:
    """What is sealed, None when it was removed."""
    found: bytes | None = await conn.fetchval("select sealed from document_content where document_id = $1", document_id)
    return found


async def of_subject(conn: "Connection[Record]", kind: Subject, subject: str) -> Sequence[Document]:
    """Those that are there, in the order in which they came."""
    rows = await conn.fetch(
        f"""select {_COLUMNS} from document where subject_kind = $1 and subject = $2 and removed_at is null
            order by taken_at, id""",
        kind,
        subject,
    )
    return [Document(*row) for row in rows]


async def remove(conn: "Connection[Record]", document_id: str, by: str, at: datetime) -> None:
    """Its row says that it was there; its content is gone."""
    await conn.execute(_REMOVE, document_id, at, by)
