"""Where registrars want outcomes sent by HTTP; whoever delivers reads the same row."""

from dataclasses import dataclass, field
from datetime import datetime

from registry.kernel.db import Connection, Record

_PUT = """
insert into registrar_webhook (registrar_id, url, secret, state, changed_at, changed_by) values ($1, $2, $3, $4, $5, $6)
on conflict (registrar_id) do update set url = $2, secret = $3, state = $4, changed_at = $5, changed_by = $6"""


@dataclass(frozen=True, slots=True)
class Webhook:
    """``secret`` is sealed for ``webhook <registrar id>``; ``state``: active or paused."""

    registrar_id: str
    url: str
    secret: bytes = field(repr=False)
    state: str
    changed_at: datetime
    changed_by: str


async def put(conn: "Connection[Record]", one: Webhook) -> None:
    """Write it in place of the one before."""
    await conn.execute(_PUT, one.registrar_id, one.url, one.secret, one.state, one.changed_at, one.changed_by)


async def find(conn: "Connection[Record]", registrar_id: str) -> Webhook | None:
    """The registrar's, or None."""
    row = await conn.fetchrow(
        "select registrar_id, url, secret, state, changed_at, changed_by from registrar_webhook where registrar_id = $1",
        registrar_id,
    )
    return Webhook(*row) if row else None


async def remove(conn: "Connection[Record]", registrar_id: str) -> bool:
    """Take it away; False when there was none."""
    tag = await conn.execute("delete from registrar_webhook where registrar_id = $1", registrar_id)
    return bool(tag == "DELETE 1")
