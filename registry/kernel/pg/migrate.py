"""Migrations: hand-written SQL in ``migrations/sql``, ordered by Alembic, forward only.

``migrations/sql/index.txt`` lists the numbers, so that two people who take the same one meet in a merge conflict. A database that
is newer than the program is refused: an old program must not write into tables it does not know.
"""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg

from registry.kernel.errors import Fault

MIGRATIONS = Path(__file__).resolve().parents[3] / "migrations"
LOCK = 0x5A4D  # one migration at a time, whoever starts it: "ZM"


def known_revisions() -> list[str]:
    """The numbers of all migrations of this program, in order."""
    return (MIGRATIONS / "sql" / "index.txt").read_text().split()


def statements(revision: str) -> Iterator[str]:
    """The statements of one migration: each ends at a line that ends in a semicolon, ``$$`` bodies excepted."""
    pending: list[str] = []
    quoted = False
    for line in (MIGRATIONS / "sql" / f"{revision}.sql").read_text().splitlines():
        if not quoted and (not line.strip() or line.lstrip().startswith("--")):
            continue
        pending.append(line)
        quoted ^= line.count("$$") % 2 == 1
        if not quoted and line.split(" --")[0].rstrip().endswith(";"):
            yield "\n".join(pending)
            pending.clear()
    if pending:
        raise Fault(f"{revision}: the last statement has no end: {pending[0]}")


async def current_revision(dsn: str) -> str | None:
    """The revision of a database; None for an empty one."""
    conn = await asyncpg.connect(dsn)
    try:
        exists = await conn.fetchval("select to_regclass('alembic_version')")
        return await conn.fetchval("select version_num from alembic_version") if exists else None
    finally:
        await conn.close()


async def migrate(dsn: str) -> tuple[str | None, str]:
    """Bring a database to the newest revision; returns the revisions before and after.

    Raises Fault for a database from the future.
    """
    known = known_revisions()
    before = await current_revision(dsn)
    if before is not None and before not in known:
        raise Fault(
            f"数据库版本 {before} 比本程序新，请升级程序 / the database is at {before}, which this program does not know: upgrade the program"
        )
    if before != known[-1]:
        await asyncio.to_thread(_upgrade, dsn)
    return before, known[-1]


def _upgrade(dsn: str) -> None:
    from alembic import command  # the import takes a third of a second, and most starts have nothing to migrate
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["dsn"] = dsn
    command.upgrade(config, "head")


def run_in_connection(dsn: str, work: Any) -> None:
    """Open a SQLAlchemy connection over asyncpg for Alembic, under an advisory lock, and give it to ``work``."""
    from sqlalchemy import text
    from sqlalchemy.ext.asyncio import create_async_engine

    async def connect() -> None:
        engine = create_async_engine("postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(dsn))
        try:
            async with engine.begin() as connection:
                await connection.execute(text(f"select pg_advisory_xact_lock({LOCK})"))
                await connection.run_sync(work)
        finally:
            await engine.dispose()

    asyncio.run(connect())
