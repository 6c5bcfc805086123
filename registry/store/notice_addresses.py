"""Where people want to be told besides their inbox."""

from dataclasses import dataclass
from datetime import datetime

from registry.kernel.db import Connection, Record

_ASK = """
insert into notice_address (username, channel, address, floor, asked_at) values ($1, $2, $3, $4, $5)
on conflict (username, channel) do update set address = excluded.address, floor = excluded.floor, asked_at = excluded.asked_at,
    confirmed_at = case when notice_address.address = excluded.address then notice_address.confirmed_at end
returning confirmed_at"""
_CONFIRM = """
update notice_address set confirmed_at = $4 where username = $1 and channel = $2 and address = $3 and confirmed_at is null"""


@dataclass(frozen=True, slots=True)
class NoticeAddress:
    """``floor`` is the least severity that goes there; it counts once it is confirmed."""

    channel: str
    address: str
    floor: str
    asked_at: datetime
    confirmed_at: datetime | None


async def of_person(conn: "Connection[Record]", username: str) -> list[NoticeAddress]:
    """All of one person, by channel."""
    rows = await conn.fetch(
        "select channel, address, floor, asked_at, confirmed_at from notice_address where username = $1 order by channel",
        username,
    )
    return [NoticeAddress(*row) for row in rows]


async def ask(conn: "Connection[Record]", username: str, channel: str, address: str, floor: str, now: datetime) -> bool:
    """Keep it in the place of the one before; whether it must still be confirmed (the same address need not be again)."""
    return await conn.fetchval(_ASK, username, channel, address, floor, now) is None


async def confirm(conn: "Connection[Record]", username: str, channel: str, address: str, now: datetime) -> bool:
    """It is his; False when it is not waiting for that."""
    return bool(await conn.execute(_CONFIRM, username, channel, address, now) == "UPDATE 1")


async def drop(conn: "Connection[Record]", username: str, channel: str) -> bool:
    """Only the inbox from now on; False when there was none."""
    tag = await conn.execute("delete from notice_address where username = $1 and channel = $2", username, channel)
    return bool(tag == "DELETE 1")
