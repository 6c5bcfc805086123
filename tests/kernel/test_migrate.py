"""Migrations: the whole schema from nothing, read as a diff, and no writing into the future."""

import asyncio
import sys
from pathlib import Path

import pytest

from registry.kernel.errors import Fault
from registry.kernel.pg import migrate as migrations
from registry.kernel.pg.archive import schema
from registry.kernel.pg.migrate import current_revision, known_revisions, migrate
from tests.kit.database import TestDatabases
from tests.kit.golden import GOLDEN_SCHEMA


async def test_an_empty_database_becomes_the_golden_schema(databases: TestDatabases) -> None:
    """What the migrations build is what ``migrations/schema.golden.sql`` shows a reviewer; ``make golden`` writes it anew."""
    async with databases.empty() as dsn:
        assert await current_revision(dsn) is None
        assert await migrate(dsn) == (None, known_revisions()[-1])
        assert await migrate(dsn) == (known_revisions()[-1], known_revisions()[-1])
        built = await asyncio.to_thread(schema, dsn)

    assert built == GOLDEN_SCHEMA.read_text()


async def test_a_database_from_the_future_is_refused(databases: TestDatabases) -> None:
    """A program does not touch a database whose revision it does not know."""
    async with databases.clone() as db:
        await db.execute("update alembic_version set version_num = '9999_tomorrow'")
        with pytest.raises(Fault, match="9999_tomorrow"):
            await migrate(db.dsn)


async def test_rival_migrations_do_not_meet(databases: TestDatabases) -> None:
    """Three programs that start on an empty database at once migrate it once."""
    program = "import asyncio, sys; from registry.kernel.pg.migrate import migrate; asyncio.run(migrate(sys.argv[1]))"
    async with databases.empty() as dsn:
        rivals = [await asyncio.create_subprocess_exec(sys.executable, "-c", program, dsn) for _ in range(3)]
        assert [await rival.wait() for rival in rivals] == [0, 0, 0]
        assert await current_revision(dsn) == known_revisions()[-1]


def test_every_number_of_the_index_has_its_sql_and_its_step() -> None:
    """The index, the SQL files and Alembic's steps name the same revisions in the same order."""
    listed = known_revisions()
    assert listed == sorted(listed)
    assert listed == sorted(path.stem for path in Path(migrations.MIGRATIONS, "sql").glob("*.sql"))
    assert listed == sorted(path.stem for path in Path(migrations.MIGRATIONS, "versions").glob("[0-9]*.py"))


def test_statements_end_where_their_last_line_ends() -> None:
    """Comments fall away, a function's body stays whole."""
    found = list(migrations.statements("0001_foundation"))
    function = next(one for one in found if one.startswith("create function audit"))

    assert function.count("$$") == 2
    assert all(one.split(" --")[0].rstrip().endswith(";") or one.rstrip().endswith(";") for one in found)
