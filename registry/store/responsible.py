"""Who answers for an application (责任人), and what he said when he was asked."""

from dataclasses import dataclass
from datetime import datetime

from registry.kernel.db import Connection, Record

_COLUMNS = (
    "application_id, name, title, email, named_by, asked_at, times_asked, answer, answered_at, answered_by, remark"
)
_ASK = """
insert into application_responsible (application_id, name, title, email, named_by, asked_at) values ($1, $2, $3, $4, $5, $6)
on conflict (application_id) do update set name = excluded.name, title = excluded.title, email = excluded.email, named_by = excluded.named_by,
    asked_at = excluded.asked_at, times_asked = application_responsible.times_asked + 1,
    answer = '', answered_at = null, answered_by = '', remark = ''"""
_ANSWER = """
update application_responsible set answer = $2, answered_at = $3, answered_by = $4, remark = $5 where application_id = $1 and answer = ''"""


@dataclass(frozen=True, slots=True)
class Responsible:
    """``answer`` is empty until he says ``confirmed`` or ``denied``; ``answered_by`` is ``link`` or the actor of the account he used."""

    application_id: str
    name: str
    title: str
    email: str
    named_by: str
    asked_at: datetime
    times_asked: int = 1
    answer: str = ""
    answered_at: datetime | None = None
    answered_by: str = ""
    remark: str = ""


async def find(conn: "Connection[Record]", application_id: str, *, lock: bool = False) -> Responsible | None:
    """The one of an application, or None."""
    rest = " for update" if lock else ""
    row = await conn.fetchrow(
        f"select {_COLUMNS} from application_responsible where application_id = $1{rest}", application_id
    )
    return Responsible(*row) if row else None


async def ask(conn: "Connection[Record]", one: Responsible) -> None:
    """Keep him in the place of whoever was named before; what was answered before is void."""
    await conn.execute(_ASK, one.application_id, one.name, one.title, one.email, one.named_by, one.asked_at)


async def answer(
    conn: "Connection[Record]", application_id: str, said: str, at: datetime, by: str, remark: str
) -> bool:
    """Write what he said; False when he had said it before."""
    return bool(await conn.execute(_ANSWER, application_id, said, at, by, remark) == "UPDATE 1")
