"""The establishment database at scale: a first import beside a bare COPY, a delta of 10,000 rows, searches.

``python bench/establishment.py [--rows N]``: 110,000 rows by default, so that ``make bench`` stays short; the figures that
``docs/establishment.md`` quotes are of 2,200,000. The peer of the import is a bare COPY, in the same run and on the same server, of the
same columns into tables without keys or indexes: the twenty columns of the file into one, and the names with their index labels,
which the import writes too, into another. Memory is the peak of this process and of those that read the file for it; the server's own is
bounded by its settings. Beside the latency of each kind of search stands what a question cost the server's processor, which does not
depend on what else the machine does.
"""

import argparse
import asyncio
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from pathlib import Path

from registry.establishment.columns import COLUMNS
from registry.establishment.exporting import write_bodies
from registry.establishment.generate import generate
from registry.establishment.importing import import_file
from registry.establishment.readers import READERS
from registry.establishment.search import search
from registry.establishment.search_keys import initials_of, syllables
from registry.establishment.search_refresh import refresh_search
from registry.kernel.clock import SystemClock
from registry.kernel.config import load_config
from registry.kernel.db import Connection, Database, Record
from registry.kernel.pg.cluster import Cluster
from registry.kernel.pg.migrate import migrate
from registry.model.body import Body

SEED = 20140301
DELTA_ROWS = 10_000
TYPES = {
    "administrative": "boolean", "established_on": "date", "valid_until": "date", "annual_report_year": "smallint",
    "changed_at": "timestamptz",
}  # fmt: skip


def main() -> None:
    """Generate, copy, import, change."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=110_000)
    parser.add_argument("--runs", type=int, default=3, help="of import and COPY in turn; the best of each counts")
    parser.add_argument("--keep", type=Path, default=None, help="a folder for the generated files, to be used again")
    arguments = parser.parse_args()
    rows = arguments.rows
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = arguments.keep or folder
        files.mkdir(exist_ok=True)
        if not (files / f"{rows}.csv").exists():
            write_bodies(files / f"{rows}.csv", generate(rows, SEED))
        (folder / "all.csv").symlink_to((files / f"{rows}.csv").resolve())
        write_bodies(folder / "delta.csv", changed(islice(generate(rows, SEED), DELTA_ROWS)))
        with Cluster(load_config(data=folder / "data")) as cluster:
            asyncio.run(measure(cluster.dsn, folder, rows, arguments.runs))


def changed(bodies: Iterable[Body]) -> Iterable[Body]:
    """Every body with another telephone, every fourth with another name, a day later."""
    for number, body in enumerate(bodies):
        assert body.changed_at
        name = f"{body.name}（新）" if number % 4 == 0 else body.name
        yield replace(body, phone="010-00000001", name=name, changed_at=body.changed_at + timedelta(days=1))


async def measure(dsn: str, folder: Path, rows: int, runs: int) -> None:
    """All figures of one server."""
    await migrate(dsn)
    db = await Database.open(dsn, size=4, statement_timeout_seconds=0)
    try:
        imports, copies = [], []
        for _ in range(runs):
            await db.execute("truncate body, body_name, body_past, body_succession")
            await db.execute("checkpoint")
            imports.append(await timed_import(db, folder / "all.csv", rows))
            copies.append(await timed_copy(db, folder / "all.csv"))
        seconds, bare = min(imports), min(copies)
        memory = peak_megabytes()
        report("establishment.import", seconds, "s", f"bare COPY of {rows} rows", bare)
        report("establishment.import.load", os.getloadavg()[0], "programs", "cores", os.cpu_count() or 1)
        report("establishment.import.memory", memory, "MB", "bar", 500)
        delta = await timed_import(db, folder / "delta.csv", 0)
        report("establishment.delta", delta, "s", "bar for 10,000 rows with their events", 5)
        begun = time.perf_counter()
        await refresh_search(db)
        report("establishment.search.keys", time.perf_counter() - begun, "s", "bare COPY of the bodies", bare)
        await measure_search(db)
    finally:
        await db.close()


QUESTIONS = 400  # of each kind; the slowest of a hundred is the fourth
ATTEMPTS = 3  # at each question, of which the best counts: what another program on the machine takes is not ours


async def measure_search(db: Database) -> None:
    """The 99th percentile of each kind of question, over names drawn evenly from all that are on file."""
    step = max(1, await db.fetchval("select count(*) from body_name") // QUESTIONS)
    rows = await db.fetch(
        "select uscc, name from (select uscc, name, row_number() over (order by uscc, name) as place from body_name) n "
        "where place % $1 = 0", step,
    )  # fmt: skip
    kinds: dict[str, Callable[[str, str], str]] = {
        "code": lambda uscc, _: uscc,
        "exact": lambda _, name: name,
        "beginning": lambda _, name: name[: max(2, len(name) // 2)],
        "part": lambda _, name: name[len(name) // 3 :][:4],
        "common": lambda _, name: name[-3:],
        "sound": lambda _, name: "".join(syllables(name[:4])),
        "sound.within": lambda _, name: "".join(syllables(name[2:6])),
        "initials": lambda _, name: initials_of(syllables(name))[:6],
        "slip": lambda _, name: f"{name[: len(name) // 2]}鑫{name[len(name) // 2 + 1 :]}",
    }
    async with db.transaction(readonly=True) as conn:
        server = conn.get_server_pid()
        for kind, question in kinds.items():
            asked = [question(row["uscc"], row["name"]) for row in rows]
            begun = cpu_seconds(server)
            taken = sorted([min([await timed_search(conn, text) for _ in range(ATTEMPTS)]) for text in asked])
            spent = cpu_seconds(server) - begun
            report(f"establishment.search.{kind}.p99", taken[len(taken) * 99 // 100] * 1000, "ms", "bar", 20)
            report(
                f"establishment.search.{kind}.cpu",
                spent / len(asked) / ATTEMPTS * 1000,
                "ms",
                "median, wall",
                taken[len(taken) // 2] * 1000,
            )


def cpu_seconds(process: int) -> float:
    """What the server's process for us has used of the processor: what other programs do does not count."""
    return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9


def peak_megabytes() -> float:
    """The most that this process held, and as much as the larger of its readers for each of them."""
    own, readers = (
        resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own + READERS * readers


async def timed_search(conn: "Connection[Record]", text: str) -> float:
    """Seconds for one question."""
    begun = time.perf_counter()
    await search(conn, text)
    return time.perf_counter() - begun


async def timed_import(db: Database, path: Path, inserted: int) -> float:
    """Seconds from opening the file to the commit."""
    begun = time.perf_counter()
    done = await import_file(db, path, snapshot=False, actor="bench", clock=SystemClock())
    seconds = time.perf_counter() - begun
    assert done.rejected == 0
    assert done.inserted == inserted
    return seconds


async def timed_copy(db: Database, path: Path) -> float:
    """Seconds of COPY into bare tables; the names come from the import, written to a file before the clock starts."""
    names = path.with_name("names.csv")
    columns = ", ".join(f"{column} {TYPES.get(column, 'text')}" for column in COLUMNS)
    async with db.connection() as conn:
        await conn.copy_from_query("select uscc, role, name, index_label from body_name", output=names, format="csv")
        await conn.execute(f"create table bare ({columns})")
        await conn.execute("create table bare_name (uscc text, role text, name text, index_label text)")
        await conn.execute("checkpoint")
        begun = time.perf_counter()
        await conn.copy_to_table("bare", source=path, format="csv", header=True)
        body_seconds = time.perf_counter() - begun
        await conn.copy_to_table("bare_name", source=names, format="csv")
        seconds = time.perf_counter() - begun
        await conn.execute("drop table bare, bare_name")
    print(f"bare COPY: bodies {body_seconds:.2f} s, with names {seconds:.2f} s", file=sys.stderr)
    return seconds


def report(bench: str, value: float, unit: str, peer: str, peer_value: float) -> None:
    """One JSON object a line, as ``make bench`` prints them."""
    figures = {"value": round(value, 4), "peer_value": round(peer_value, 4), "ratio": round(value / peer_value, 3)}
    print(json.dumps({"bench": bench, "unit": unit, "peer": peer, **figures}, ensure_ascii=False))


if __name__ == "__main__":
    main()
