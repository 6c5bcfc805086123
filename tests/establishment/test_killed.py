"""``kill -9`` in the middle: the register is as before or as after, and the same command then finishes the work."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from registry.establishment.exchange.keys import CentreKeys
from registry.establishment.exchange.packing import PackOrder, pack
from registry.establishment.exporting import write_bodies
from registry.establishment.generate import generate
from registry.kernel.db import Database
from registry.store import exchange_packages as packages
from tests.establishment.county import ACTOR, FAMILY, HEALTH, bring
from tests.kit.clock import FakeClock
from tests.kit.database import TestDatabases

ROOT = Path(__file__).resolve().parents[2]
ROWS = 10_500  # more than one group of the staged import
FIRST_ROWS = 17_000  # large enough for the quick load of an empty register
DEADLINE_SECONDS = 60.0


def importing(db: Database, path: Path, folder: Path) -> AbstractContextManager["subprocess.Popen[str]"]:
    """``zhengming establishment import`` as an operator runs it."""
    return running(db, folder, "establishment", "import", str(path))


@contextmanager
def running(db: Database, folder: Path, *words: str) -> Iterator["subprocess.Popen[str]"]:
    """A command as a process of its own."""
    command = [sys.executable, "-m", "registry.cli.main", *words, "--data", str(folder / "data")]
    environment = {**os.environ, "ZHENGMING_DATABASE_URL": db.dsn}
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


async def until(db: Database, sql: str, *args: object) -> None:
    """Wait until the database says so."""
    async with asyncio.timeout(DEADLINE_SECONDS):
        while not await db.fetchval(sql, *args):  # noqa: ASYNC110 - the other side is a database
            await asyncio.sleep(0.02)


async def until_alone(db: Database) -> None:
    """Wait until the server has noticed that the other process is gone."""
    await until(db, "select count(*) = 0 from pg_locks where locktype = 'advisory' and database = "
                    "(select oid from pg_database where datname = current_database())")  # fmt: skip


WAITS = """
select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%' || $1 || '%')"""


async def kill_while_it_waits(db: Database, process: "subprocess.Popen[str]", held: str, statement: str) -> None:
    """Hold a lock that ``statement`` of the import needs, wait until it stands there, and kill the process."""
    async with db.transaction() as conn:
        await conn.execute(held)
        process_waits = asyncio.create_task(until(db, WAITS, statement))
        await process_waits
        process.send_signal(signal.SIGKILL)
        process.wait()
    await until_alone(db)


async def finish(db: Database, path: Path, folder: Path) -> str:
    with importing(db, path, folder) as process:
        out, err = await asyncio.to_thread(process.communicate)
    assert process.returncode == 0, err
    return out


async def test_killed_in_the_first_load(register: Database, tmp_path: Path) -> None:
    """Killed when all rows are loaded but not committed, the register is empty with all its indexes, and the next import fills it."""
    indexes = "select count(*) from pg_indexes where tablename in ('body', 'body_name')"
    before = await register.fetchval(indexes)
    write_bodies(tmp_path / "in.csv", generate(FIRST_ROWS, 5))
    with importing(register, tmp_path / "in.csv", tmp_path) as process:
        await kill_while_it_waits(register, process, "select from body_key_state for update", "update body_key_state")
    assert await register.fetchval("select count(*) from body") == 0
    assert await register.fetchval("select count(*) from import_run") == 0
    assert await register.fetchval(indexes) == before > 0
    assert f'"inserted": {FIRST_ROWS}' in await finish(register, tmp_path / "in.csv", tmp_path)


async def test_killed_in_the_merge(register: Database, tmp_path: Path) -> None:
    """Killed in the middle of the merge nothing is changed; the same command applies what was staged, and nothing twice."""
    bodies = list(generate(ROWS, 5))
    write_bodies(tmp_path / "first.csv", bodies[:50])
    await finish(register, tmp_path / "first.csv", tmp_path)
    write_bodies(tmp_path / "in.csv", bodies)
    with importing(register, tmp_path / "in.csv", tmp_path) as process:
        await kill_while_it_waits(register, process, "lock table body_succession in exclusive mode", "body_succession")
    assert await register.fetchval("select count(*) from body") == 50
    assert await register.fetchval("select count(*) from import_row") == ROWS - 50
    assert f'"inserted": {ROWS - 50}, "updated": 0, "unchanged": 50' in await finish(
        register, tmp_path / "in.csv", tmp_path
    )
    assert await register.fetchval("select count(*) from import_row") == 0
    assert await register.fetchval("select count(*) from audit_entry where act = 'establishment.import'") == 2


async def test_killed_while_reading(register: Database, tmp_path: Path) -> None:
    """Killed between two groups of rows the register is untouched, and the next import goes on with the same run."""
    bodies = list(generate(ROWS, 5))
    write_bodies(tmp_path / "first.csv", bodies[:50])
    await finish(register, tmp_path / "first.csv", tmp_path)
    write_bodies(tmp_path / "in.csv", bodies)
    with importing(register, tmp_path / "in.csv", tmp_path) as process:
        await until(register, "select exists (select from import_run where read_lines > 100)")
        process.send_signal(signal.SIGKILL)
        process.wait()
    await until_alone(register)
    assert await register.fetchval("select count(*) from body") in (50, ROWS)
    await finish(register, tmp_path / "in.csv", tmp_path)
    assert await register.fetchval("select count(*) from body") == ROWS
    assert await register.fetchval("select max(id) from import_run") <= 3


async def test_killed_while_applying_a_package(
    databases: TestDatabases, register: Database, clock: FakeClock, tmp_path: Path
) -> None:
    """Killed when the rows of an exchange package are merged but not committed, neither they nor its number are there; then both are."""
    hunan, central = CentreKeys.new("43"), CentreKeys.new("00")
    central.write(tmp_path / "data" / "keys" / "exchange")
    async with databases.clone() as province:
        await bring(province, clock, tmp_path / "files", HEALTH, FAMILY)
        package = await pack(province, PackOrder(hunan, "00", True, False, ACTOR), tmp_path, clock)
    async with register.transaction() as conn:
        await packages.trust(conn, "43", "sign", hunan.sign_public, ACTOR, clock.now())
    with running(register, tmp_path, "exchange", "apply", str(package.path)) as process:
        await kill_while_it_waits(
            register, process, "lock table exchange_package in share mode", "insert into exchange_package"
        )
    assert await register.fetchval("select count(*) from body") == 0
    assert await register.fetchval("select count(*) from exchange_package") == 0
    with running(register, tmp_path, "exchange", "apply", str(package.path)) as process:
        out, err = await asyncio.to_thread(process.communicate)
    assert '"state": "applied"' in out, err
    assert await register.fetchval("select count(*) from body") == 2
    assert await register.fetchval("select state from exchange_package") == "applied"
