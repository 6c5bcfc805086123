"""Public notices (公告), written with the decision that they make known. Everybody reads them through ``published.public_notice``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from registry.kernel.db import Connection, Record
from registry.kernel.errors import Text

_ADD = """
insert into public_notice (id, kind, uscc, body_name, region, level, act_id, published_at, title_zh, title_en, text_zh, text_en, facts)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"""


@dataclass(frozen=True, slots=True)
class PublicNotice:
    """``facts`` are lines of what was registered: title in Chinese, in English, value."""

    id: str
    kind: str
    uscc: str
    body_name: str
    region: str
    level: str
    act_id: str
    published_at: datetime
    title: Text
    text: Text
    facts: Sequence[tuple[str, str, str]]


async def publish(conn: "Connection[Record]", one: PublicNotice) -> None:
    """Write it; nothing changes it afterwards."""
    await conn.execute(
        _ADD, one.id, one.kind, one.uscc, one.body_name, one.region, one.level, one.act_id, one.published_at, one.title.zh, one.title.en,
        one.text.zh, one.text.en, [list(fact) for fact in one.facts],
    )  # fmt: skip
