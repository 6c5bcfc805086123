"""The floor under an act: exactly the statements that it sends to PostgreSQL, without the act.

An act is carried out once over a connection that notes what is sent. The statements are then sent again and again with another
name in them, through asyncpg as the product uses it, and by pgbench, PostgreSQL's own load generator.
"""

import json
import re
import subprocess
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from registry.flows.act import Act, Caller
from registry.flows.runner import Runner
from registry.kernel.db import Connection, Record
from registry.kernel.pg.binaries import program

ROID = re.compile(r"D\d+-\w+")


class Recorder:
    """Stands in for the connection of one act."""

    def __init__(self, conn: "Connection[Record]") -> None:
        self._conn = conn
        self.said: list[tuple[str, tuple[Any, ...]]] = []

    async def fetch(self, sql: str, *args: Any) -> list[Record]:
        """Send it on, and note it."""
        self.said.append((sql, args))
        return await self._conn.fetch(sql, *args)

    async def fetchrow(self, sql: str, *args: Any) -> Record | None:
        """The same."""
        self.said.append((sql, args))
        return await self._conn.fetchrow(sql, *args)

    async def fetchval(self, sql: str, *args: Any) -> Any:
        """The same."""
        self.said.append((sql, args))
        return await self._conn.fetchval(sql, *args)

    async def execute(self, sql: str, *args: Any) -> str:
        """The same."""
        self.said.append((sql, args))
        return await self._conn.execute(sql, *args)


@dataclass(frozen=True, slots=True)
class Statements:
    """What one act sent. ``label`` stands in the values wherever the name does; ``roid``, if any, is the object's that it made."""

    said: tuple[tuple[str, tuple[Any, ...]], ...]
    label: str
    is_transaction: bool
    roid: str = ""

    async def send(self, conn: "Connection[Record]", label: str) -> None:
        """All of them once more, for another name."""
        if not self.is_transaction:
            await self._send(conn, label)
            return
        async with conn.transaction():
            await self._send(conn, label)

    async def _send(self, conn: "Connection[Record]", label: str) -> None:
        for sql, args in self.said:
            await conn.fetch(sql, *(self._of(label, arg) for arg in args))

    def _of(self, label: str, value: Any) -> Any:
        named = _renamed(value, self.label, label)
        return _renamed(named, self.roid, label) if self.roid else named

    def script(self, label: str) -> str:
        """The same for pgbench, with the values written into the statements; ``label`` may hold pgbench's variables."""
        lines = [_written(sql, [self._of(label, arg) for arg in args]) for sql, args in self.said]
        return "\n".join(["begin;", *lines, "commit;"] if self.is_transaction else lines)


async def record(
    runner: Runner, caller: Caller, flow: Callable[[Act], Awaitable[object]], label: str, *, is_transaction: bool
) -> Statements:
    """Carry it out once and note what it sent."""
    said: list[tuple[str, tuple[Any, ...]]] = []

    async def noted(act: Act) -> None:
        recorder = Recorder(act.conn)
        act.conn = recorder  # type: ignore[assignment]  # it has the four methods that stores use
        await flow(act)
        said.extend(recorder.said)

    await runner.run(caller, noted)
    made = [arg for _, args in said for arg in args if isinstance(arg, str) and ROID.fullmatch(arg)]
    creates = is_transaction and any("insert into domain " in sql for sql, _ in said)
    return Statements(tuple(said), label, is_transaction, made[0] if creates else "")


def run_pgbench(dsn: str, script: str, clients: int, seconds: float, folder: Path) -> float:
    """Scripts a second. ``n`` is a variable that is new each time."""
    path = folder / "pgbench.sql"
    path.write_text(f"\\set n random(1, 1000000000)\n{script}\n")
    words = [str(program("pgbench")), "-n", "-f", str(path), "-c", str(clients), "-T", str(max(1, round(seconds))), dsn]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return float(done.stdout.partition("tps = ")[2].split()[0])


def _renamed(value: Any, old: str, new: str) -> Any:
    if isinstance(value, str):
        return value.replace(old, new)
    if isinstance(value, dict):
        return {key: _renamed(inner, old, new) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_renamed(inner, old, new) for inner in value]
    return value


def _written(sql: str, values: list[Any]) -> str:
    flat = " ".join(sql.split())
    return re.sub(r"\$(\d+)", lambda found: _literal(values[int(found[1]) - 1]), flat) + ";"


def _literal(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool | int):
        return str(value)
    if isinstance(value, list) and not any(isinstance(inner, dict) for inner in value):
        return _quoted("{" + ",".join(json.dumps(inner, ensure_ascii=False) for inner in value) + "}")
    if isinstance(value, list | dict):
        return _quoted(json.dumps(value, ensure_ascii=False))
    if isinstance(value, datetime | date):
        return f"{_quoted(value.isoformat())}::timestamptz"
    return _quoted(str(value))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
