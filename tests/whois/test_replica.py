"""Look-ups read a real streaming replica, and go on while the primary is stopped, started again, and changed."""

import asyncio
import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from registry.kernel.clock import SystemClock
from registry.kernel.config import DatabaseConfig, load_config
from registry.kernel.db import Database
from registry.kernel.feed import announce
from registry.kernel.service import Parts
from tests.kit.ports import free_port_base
from tests.kit.replica import pair
from tests.whois.test_port43 import asked
from whois.rdap.asking import Question
from whois.rdap.door import RdapDoor
from whois.service import Whois

SEEDS = Path(__file__).resolve().parents[2] / "bench" / "seeds" / "whois.sql"
NAMES = 50
_UPDATE = re.compile(r"Last update of WHOIS database: (\S+) <<<")


def name(number: int) -> str:
    return f"name{number}.xn--55qw42g"


async def seed(db: Database) -> None:
    for statement in SEEDS.read_text().split(";\n"):
        if statement.strip():
            await db.execute(statement, *([NAMES] if "$1" in statement else []))


async def rdap(door: RdapDoor, number: int) -> str:
    """The answer as the lane gives it."""
    question = Question("GET", f"/rdap/domain/{name(number)}", "localhost")
    reply = door.desk.at_once(question) or await door.desk.answer(question)
    assert reply.status == 200
    return reply.body.decode()


async def nobody(_: str) -> None:
    raise AssertionError


async def hold(db: Database, number: int) -> None:
    """Change a name as an act does: the row, and the row of the feed, in one transaction."""
    async with db.transaction() as conn:
        await conn.execute("update domain set statuses = '{clientHold}' where name = $1", name(number))
        await announce(conn, SystemClock().now(), "domain.updated", f"D{number}-CONAC", {"names": [name(number)]})


def as_of(answer: str) -> datetime:
    found = _UPDATE.search(answer)
    assert found
    return datetime.fromisoformat(found[1])


async def test_look_ups_survive_the_primary(tmp_path: Path) -> None:
    """Both doors answer hot and cold names from the replica with the primary stopped, say up to when they know, and show within a second what is
    committed once it is back.
    """
    async with pair(tmp_path) as servers:
        db = await Database.open(servers.primary.dsn, size=4)
        await seed(db)
        base = load_config(data=tmp_path / "own", port_base=free_port_base())
        config = replace(base, database=DatabaseConfig(url=servers.primary.dsn, replica_url=servers.replica.dsn))
        parts = Parts(config, db, SystemClock())
        port43, door = Whois(parts), RdapDoor(parts, nobody)  # type: ignore[arg-type]  # nobody signs in here
        await port43.start()
        await door.start()
        for lookups in (port43._lookups, door.lookups):
            while not (lookups.reads.on_replica and lookups.memory.number()):  # noqa: ASYNC110  # both have just begun
                await asyncio.sleep(0.02)
        port = config.port("whois")
        await servers.caught_up(db, door.lookups.reads.db)
        hot = await asked(port, f"{name(1)}\r\n".encode())
        assert "基准机构1" in hot
        assert "基准机构1" in await rdap(door, 1)

        await asyncio.to_thread(servers.primary.close)
        await asyncio.sleep(1.2)
        stopped = SystemClock().now()
        for number in (1, 2, 3):
            answer = await asked(port, f"{name(number)}\r\n".encode())
            assert f"基准机构{number}" in answer
            assert as_of(answer) < stopped
            assert f"基准机构{number}" in await rdap(door, number)
        assert door.lookups.memory.trusted(asyncio.get_running_loop().time()), "hot answers go on too"

        await asyncio.to_thread(servers.primary.open)
        await hold(db, 1)
        began = asyncio.get_running_loop().time()
        while "Status: clientHold" not in await asked(
            port, f"{name(1)}\r\n".encode()
        ) or "client hold" not in await rdap(door, 1):
            assert asyncio.get_running_loop().time() - began < 3.0, "the replica reconnects, then a second"
            await asyncio.sleep(0.02)
        await hold(db, 2)
        began = asyncio.get_running_loop().time()
        while "Status: clientHold" not in await asked(port, f"{name(2)}\r\n".encode()):
            assert asyncio.get_running_loop().time() - began < 1.0
            await asyncio.sleep(0.02)
        await port43.drain()
        await port43.close()
        await door.close()
        await db.close()
