"""Reading notices, and noting who has read what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from registry.kernel.db import Connection, Record
from registry.model.inbox import Box
from registry.model.notice import Severity

_COLUMNS = "n.id, n.at, n.kind, n.severity, n.subject_zh, n.subject_en, n.text_zh, n.text_en, n.link, n.payload"
# Each box gives its newest by the index; together they are at most boxes x page rows to sort.
_PAGE = f"""
select {_COLUMNS}, exists (select from notice_read r where r.username = $4 and r.notice_id = n.id) as is_read
from unnest($1::text[], $2::text[], $3::text[]) as box (kind, low, high)
cross join lateral (
    select * from notice where recipient_kind = box.kind and recipient between box.low and box.high and id < $5
    order by id desc limit $6
) n
order by n.id desc limit $6"""
_UNREAD = """
select count(*) from (
    select from unnest($1::text[], $2::text[], $3::text[]) as box (kind, low, high)
    cross join lateral (
        select id from notice where recipient_kind = box.kind and recipient between box.low and box.high
        order by id desc limit $6
    ) n
    where not exists (select from notice_read r where r.username = $4 and r.notice_id = n.id)
    limit $5
) unread"""
_FIND = f"""
select {_COLUMNS}, true as is_read
from notice n join unnest($1::text[], $2::text[], $3::text[]) as box (kind, low, high)
     on n.recipient_kind = box.kind and n.recipient between box.low and box.high
where n.id = $4 limit 1"""
_READ = "insert into notice_read (username, notice_id, read_at) values ($1, $2, $3) on conflict do nothing"
_READ_ALL = """
insert into notice_read (username, notice_id, read_at)
select $4, n.id, $5 from unnest($1::text[], $2::text[], $3::text[]) as box (kind, low, high)
join notice n on n.recipient_kind = box.kind and n.recipient between box.low and box.high
where n.id <= $6
on conflict do nothing"""


@dataclass(frozen=True, slots=True)
class Letter:
    """One notice as its reader sees it."""

    id: int
    at: datetime
    kind: str
    severity: Severity
    subject_zh: str
    subject_en: str
    text_zh: str
    text_en: str
    link: str
    payload: Mapping[str, Any]
    is_read: bool


LOOKED_AT = 1000  # newest notices of a box: every page asks for this count, and an old inbox must not slow it


async def page(
    conn: "Connection[Record]", boxes: Sequence[Box], username: str, before: int, limit: int
) -> list[Letter]:
    """The newest first, with ids below ``before``."""
    rows = await conn.fetch(_PAGE, *_arrays(boxes), username, before, limit)
    return [Letter(*row) for row in rows]


async def count_unread(conn: "Connection[Record]", boxes: Sequence[Box], username: str, most: int) -> int:
    """How many of the newest :data:`LOOKED_AT` of each box this person has not read; counting ends at ``most``."""
    return int(await conn.fetchval(_UNREAD, *_arrays(boxes), username, most, LOOKED_AT))


async def find(conn: "Connection[Record]", boxes: Sequence[Box], notice_id: int) -> Letter | None:
    """One that lies in these boxes, or None."""
    row = await conn.fetchrow(_FIND, *_arrays(boxes), notice_id)
    return Letter(*row) if row else None


async def mark_read(conn: "Connection[Record]", username: str, notice_id: int, at: datetime) -> None:
    """Note it once."""
    await conn.execute(_READ, username, notice_id, at)


async def mark_all_read(
    conn: "Connection[Record]", boxes: Sequence[Box], username: str, at: datetime, until: int
) -> None:
    """Everything up to the notice ``until``, which the reader had before his eyes."""
    await conn.execute(_READ_ALL, *_arrays(boxes), username, at, until)


def _arrays(boxes: Sequence[Box]) -> tuple[list[str], list[str], list[str]]:
    return [box.kind for box in boxes], [box.low for box in boxes], [box.high for box in boxes]
