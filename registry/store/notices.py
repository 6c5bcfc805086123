"""Notices, written in the transaction of the act that they tell of."""

from collections.abc import Sequence
from datetime import datetime

from registry.kernel.db import Connection, Record
from registry.model.notice import Notice

_ADD = """
insert into notice (at, recipient_kind, recipient, kind, severity, subject_zh, subject_en, text_zh, text_en, link, payload, once)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, nullif($12, ''))
on conflict (once) do nothing"""


async def add(conn: "Connection[Record]", now: datetime, notices: Sequence[Notice]) -> None:
    """Write them; one whose ``once`` is there already is left out."""
    rows = [
        (
            now, notice.to.kind, notice.to.id, notice.kind, notice.severity, notice.subject.zh, notice.subject.en,
            notice.text.zh, notice.text.en, notice.link, dict(notice.payload), notice.once,
        )
        for notice in notices
    ]  # fmt: skip
    await conn.executemany(_ADD, rows)
