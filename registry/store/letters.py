"""Letters as they were given, and the templates that the next ones are made of."""

from datetime import datetime

from registry.kernel.db import Connection, Record
from registry.model.letter import Letter, Template

_NUMBER = """
insert into letter_number (year, last) values ($1, 1) on conflict (year) do update set last = letter_number.last + 1 returning last"""
_TEMPLATE = "kind, version, title, text_zh, text_en, edited_by, edited_at"
_LETTER = "id, application_id, kind, version, at, title, text_zh, text_en"


async def next_number(conn: "Connection[Record]", year: int) -> int:
    """The next one of the year; whoever has it holds up the others until his transaction ends, so that none is left out."""
    return int(await conn.fetchval(_NUMBER, year))


async def add(conn: "Connection[Record]", one: Letter) -> None:
    """Give it."""
    await conn.execute(
        f"insert into decision_letter ({_LETTER}) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        one.id, one.application_id, one.kind, one.version, one.at, one.title, one.text_zh, one.text_en,
    )  # fmt: skip


async def find(conn: "Connection[Record]", letter_id: str) -> Letter | None:
    """One, or None."""
    row = await conn.fetchrow(f"select {_LETTER} from decision_letter where id = $1", letter_id)
    return Letter(*row) if row else None


async def of_application(conn: "Connection[Record]", application_id: str) -> Letter | None:
    """The newest of an application, or None."""
    row = await conn.fetchrow(
        f"select {_LETTER} from decision_letter where application_id = $1 order by at desc, id desc limit 1",
        application_id,
    )
    return Letter(*row) if row else None


async def template(conn: "Connection[Record]", kind: str) -> Template | None:
    """The newest version of a kind; None while the built-in one serves."""
    row = await conn.fetchrow(
        f"select {_TEMPLATE} from letter_template where kind = $1 order by version desc limit 1", kind
    )
    return Template(*row) if row else None


async def add_template(conn: "Connection[Record]", one: Template, at: datetime) -> None:
    """A new version. ``UniqueViolation`` when somebody else wrote it a moment before."""
    await conn.execute(
        f"insert into letter_template ({_TEMPLATE}) values ($1, $2, $3, $4, $5, $6, $7)",
        one.kind, one.version, one.title, one.text_zh, one.text_en, one.edited_by, at,
    )  # fmt: skip
