"""The whole decision about a name, from the flow to the kept row, on a database of many bodies and names.

Theory of operation. A PostgreSQL of its own (durable, as shipped) is filled with generated bodies, and names registered for
a share of them. Then callers, spread over two processes as the web service spreads over workers, ask for decisions
about bodies chosen at random, so that no cache of bodies helps:

* *one*: a single caller, one question after the other; the latency without any queue.
* *paced*: 16 callers that together ask ``--rate`` times a second, each at fixed instants. Latency counts from the
  instant at which a question was due, so a stall is charged to everybody who waited behind it.
* *full*: 16 callers that ask again at once; what the machine can carry.

CPU is what the processes of PostgreSQL and of the callers took, by /proc. Usage: ``python bench/names.py [--bodies 20000]
[--names 8000]``; the bars are meant for ``--bodies 2200000 --names 1000000``, with
``--shared-buffers 2GB``; filling takes a quarter of an hour (``--keep DIR`` keeps the database for the next run).
"""

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import uvloop

# A script's own folder comes first on the path, and there a file may hide a library of the same name.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from registry.establishment.generate import generate  # noqa: E402  # see above
from registry.flows.act import Caller  # noqa: E402  # see above
from registry.flows.naming.judge import check_name  # noqa: E402  # see above
from registry.flows.naming.note_keys import note_new_names  # noqa: E402  # see above
from registry.flows.runner import Runner  # noqa: E402  # see above
from registry.kernel.clock import SystemClock  # noqa: E402  # see above
from registry.kernel.config import load_config  # noqa: E402  # see above
from registry.kernel.db import Database  # noqa: E402  # see above
from registry.kernel.names import TLDS  # noqa: E402  # see above
from registry.kernel.pg.cluster import Cluster  # noqa: E402  # see above
from registry.kernel.pg.migrate import migrate  # noqa: E402  # see above
from registry.model.body import Body  # noqa: E402  # see above
from registry.policy.naming.tables import shipped_tables  # noqa: E402  # see above

SEED = 20140301
BATCH = 20_000  # rows a COPY
PROCESSES = 2
WARM_UP = 500  # questions of each process before the clock starts
QUESTIONS = 20_000  # different ones; when they are used up they begin again
MEDIAN_BAR_MS, P99_BAR_MS, RATE_BAR = 2.0, 10.0, 1500.0
ASKER = Caller("job", "bench")
NOW = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
BODY = (
    *("uscc", "name", "kind", "administrative", "region", "level", "sponsor_uscc", "authority", "address"),
    *("legal_representative", "phone", "status", "established_on", "valid_until", "annual_report_year"),
    *("successor_uscc", "changed_at", "digest", "imported_at"),
)
DOMAIN = ("roid", "name", "u_label", "tld", "tld_set", "table_id", "index_label", "registrar_id", "uscc", "created_at", "created_by",
          "expires_at")  # fmt: skip


@dataclass
class Ground:
    """What the fill carries from batch to batch."""

    db: Database
    names: int
    every: int
    table_id: str
    registered: set[str]
    number: int = 0


async def fill(db: Database, bodies: int, names: int) -> None:
    """Bodies, their names, and the full names of every so many of them registered."""
    table_id = await db.fetchval("select table_id from tld limit 1")
    sql = "insert into registrar (id, name, password_hash, created_at) values ('bench', 'bench', '-', $1)"
    await db.execute(sql, NOW)
    ground = Ground(db, names, max(1, bodies // (2 * names)) if names else 0, table_id, set())
    stream = enumerate(generate(bodies, SEED))
    while batch := list(islice(stream, BATCH)):
        await copy(ground, batch)
    await db.execute(
        "insert into import_run (started_at, finished_at, actor, source, sha256, mode) values ($1, $1, 'bench', 'generated', '\\x00', 'snapshot')",
        NOW,
    )
    await note_new_names(Runner(db, SystemClock(), load_config()))
    await db.execute("vacuum analyze")


async def copy(ground: Ground, batch: list[tuple[int, Body]]) -> None:
    """One batch of bodies into four tables."""
    ring = shipped_tables().ring
    domains = [
        row for number, body in batch if ground.every and number % ground.every == 0 for row in domain_of(ground, body)
    ]
    async with ground.db.transaction() as conn:
        await conn.copy_records_to_table("body", records=[body_row(body) for _, body in batch], columns=BODY)
        await conn.copy_records_to_table(
            "body_name",
            records=[
                (body.uscc, role, name, ring.key(name))
                for _, body in batch
                for role, name in dict.fromkeys(names_of(body))
            ],
            columns=("uscc", "role", "name", "index_label"),
        )
        await conn.copy_records_to_table("domain", records=domains, columns=DOMAIN)
        await conn.copy_records_to_table(
            "bundle_name",
            records=[(row[1], f"{row[2]}.{row[3]}", row[0], "registered") for row in domains],
            columns=("name", "unicode", "domain_roid", "role"),
        )


def names_of(body: Body) -> Iterator[tuple[str, str]]:
    yield from body.current_names
    yield from (("former", name) for name in body.former_names)


def body_row(body: Body) -> tuple[Any, ...]:
    return (*(getattr(body, column) for column in BODY[:-2]), b"-", NOW)


def domain_of(ground: Ground, body: Body) -> Iterator[tuple[Any, ...]]:
    """The row of the body's full name under the TLD of its kind, if it makes a label that is still free."""
    tables = shipped_tables()
    label = tables.own_label(tables.ring.plain(body.name))
    tld = TLDS[tld_of(body.kind)]
    if label is None or ground.number >= ground.names or f"{label.index}.{tld}" in ground.registered:
        return
    ground.registered.add(f"{label.index}.{tld}")
    ground.number += 1
    yield (f"D{ground.number}-ZM", f"{label.a}.{tld}", label.u, tld, tld, ground.table_id, label.index, "bench", body.uscc, NOW, "bench",
           NOW + timedelta(days=365))  # fmt: skip


def tld_of(kind: str) -> str:
    return "公益" if kind in {"12", "51", "52", "53"} else "政务"


async def questions(db: Database) -> list[tuple[str, str]]:
    """(name, code) as a form sees them: mostly own names, then others', website names, nonsense, wrong codes."""
    chance = random.Random(SEED)  # noqa: S311  # repeatable on purpose
    total = await db.fetchval("select count(*) from body")
    share = min(100.0, 100.0 * 2 * QUESTIONS / total)
    rows = await db.fetch(f"select uscc, name, kind from body tablesample bernoulli ({share}) repeatable (7)")
    chance.shuffle(rows)
    asked = []
    for row, other in zip(rows, rows[1:] + rows[:1], strict=True):
        dice, plain = chance.random(), shipped_tables().ring.plain(row["name"])
        label = (
            plain if dice < 0.55
            else plain + "网" if dice < 0.65
            else plain[: max(2, len(plain) // 2)] if dice < 0.75
            else shipped_tables().ring.plain(other["name"]) if dice < 0.9
            else plain + "！" if dice < 0.95
            else plain
        )  # fmt: skip
        asked.append((f"{label}.{tld_of(row['kind'])}", row["uscc"] if dice < 0.95 else "12100000400000624E"))
    return asked[:QUESTIONS]


async def work(dsn: str, asked: list[tuple[str, str]], callers: int, seconds: float, rate: float, found: Path) -> None:
    """One process: its callers ask for ``seconds``; ``rate`` questions a second of them all, 0 for as many as they can."""
    db = await Database.open(dsn, size=max(callers, 1))
    runner = Runner(db, SystemClock(), load_config())
    latencies: list[float] = []
    place = iter(range(10**9))

    async def ask(due: float) -> None:
        name, uscc = asked[next(place) % len(asked)]
        await runner.run(ASKER, lambda act: check_name(act, name, uscc, mapped=True))
        latencies.append(time.perf_counter() - due)

    async def caller(number: int, start: float) -> None:
        gap = callers / rate if rate else 0.0
        due = start + gap * number / callers
        while due < start + seconds and time.perf_counter() < start + 2 * seconds:  # an overload ends as well
            wait = due - time.perf_counter()
            if wait > 0:
                await asyncio.sleep(wait)
            await ask(due if rate else time.perf_counter())
            due = due + gap if rate else time.perf_counter()

    for _ in range(WARM_UP):  # plans and code are warm, as they are in a service that has run for some seconds
        await ask(time.perf_counter())
    latencies.clear()
    print("ready", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    cpu, begun = time.process_time(), time.perf_counter()
    await asyncio.gather(*(caller(number, begun) for number in range(callers)))
    took = time.perf_counter() - begun
    cpu = time.process_time() - cpu
    result = json.dumps({"latencies": latencies, "seconds": took, "cpu": cpu})
    await asyncio.to_thread(found.write_text, result)  # too long for a pipe
    print("ended", flush=True)
    await asyncio.get_running_loop().run_in_executor(
        None, sys.stdin.readline
    )  # the server's processes are counted meanwhile
    await db.close()


def run(dsn: str, asked: Path, postgresql: int, callers: int, seconds: float, rate: float) -> dict[str, float]:
    """One round in as many processes as there are callers for, at most :data:`PROCESSES`."""
    processes = min(PROCESSES, callers)
    command = [sys.executable, __file__, "--worker", dsn, "--questions", str(asked), "--seconds", str(seconds)]
    children = [
        subprocess.Popen(
            [*command, "--callers", str(callers // processes), "--rate", str(rate / processes), "--part", str(part)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for part in range(processes)
    ]  # fmt: skip
    for child in children:
        assert answer(child) == "ready\n"
    before = cpu_of_descendants(postgresql)
    for child in children:
        assert child.stdin
        child.stdin.write("go\n")
        child.stdin.flush()
    for child in children:
        assert answer(child) == "ended\n"
    answers = [json.loads(found_of(asked, part).read_text()) for part in range(processes)]
    database = cpu_of_descendants(postgresql) - before
    for child in children:
        child.communicate("done\n")
    latencies = sorted(one for found in answers for one in found["latencies"])
    count, python = len(latencies), sum(found["cpu"] for found in answers)
    return {
        "median_ms": latencies[count // 2] * 1000,
        "p99_ms": latencies[count * 99 // 100] * 1000,
        "per_second": sum(len(found["latencies"]) / found["seconds"] for found in answers),
        "python_ms": python / count * 1000,
        "postgresql_ms": database / count * 1000,
        "postgresql_share": database / (database + python),
    }


def found_of(asked: Path, part: int) -> Path:
    """Where a caller process writes what it found."""
    return asked.with_name(f"found-{part}.json")


def answer(child: "subprocess.Popen[str]") -> str:
    """The next line that a caller process says."""
    assert child.stdout
    return child.stdout.readline()


def cpu_of_descendants(pid: int) -> float:
    """Seconds of CPU of the server's processes that are alive."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def report(bench: str, value: float, unit: str, bar: float | None = None) -> None:
    """One JSON object a line, as ``make bench`` prints them."""
    peer = {"peer": "bar", "peer_value": bar, "ratio": round(value / bar, 3)} if bar else {}
    print(json.dumps({"bench": bench, "value": round(value, 3), "unit": unit, **peer}), flush=True)


def measure(args: argparse.Namespace, folder: Path) -> None:
    """Fill once, then the three rounds."""
    config = load_config(data=folder)
    config = replace(config, database=replace(config.database, shared_buffers=args.shared_buffers))
    with Cluster(config) as cluster:
        asyncio.run(migrate(cluster.dsn))
        asked = folder / "questions.json"
        if not asked.exists():
            begun = time.perf_counter()
            chosen = asyncio.run(prepare(cluster.dsn, args.bodies, args.names))
            asked.write_text(json.dumps(chosen, ensure_ascii=False))
            report("names.fill", time.perf_counter() - begun, "s")
        pid = cluster.running_pid()
        assert pid
        for round_name, callers, rate in (
            ("one", 1, 0.0),
            ("paced", args.callers, args.rate),
            ("full", args.callers, 0.0),
        ):
            found = run(cluster.dsn, asked, pid, callers, args.seconds, rate)
            report(
                f"names.{round_name}.median", found["median_ms"], "ms", MEDIAN_BAR_MS if round_name != "full" else None
            )
            report(f"names.{round_name}.p99", found["p99_ms"], "ms", P99_BAR_MS if round_name != "full" else None)
            report(
                f"names.{round_name}.rate",
                found["per_second"],
                "decisions/s",
                RATE_BAR if round_name == "full" else None,
            )
            report(f"names.{round_name}.cpu_callers", found["python_ms"], "ms/decision")
            report(f"names.{round_name}.cpu_postgresql", found["postgresql_ms"], "ms/decision")
            report(f"names.{round_name}.postgresql_share", found["postgresql_share"], "of the CPU")


async def prepare(dsn: str, bodies: int, names: int) -> list[tuple[str, str]]:
    """Fill, and choose what will be asked."""
    db = await Database.open(dsn, size=2, statement_timeout_seconds=0)
    try:
        await fill(db, bodies, names)
        return await questions(db)
    finally:
        await db.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--bodies", type=int, default=20_000)
    parser.add_argument("--names", type=int, default=8_000)
    parser.add_argument("--callers", type=int, default=16)
    parser.add_argument("--rate", type=float, default=RATE_BAR)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--shared-buffers", default="256MB", help="of PostgreSQL; 2GB hold the big database")
    parser.add_argument("--keep", type=Path, default=None)
    parser.add_argument("--worker", default="", help=argparse.SUPPRESS)
    parser.add_argument("--questions", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--part", type=int, default=0, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.worker:
        asked = [tuple(pair) for pair in json.loads(args.questions.read_text())][args.part :: PROCESSES]
        uvloop.run(work(args.worker, asked, args.callers, args.seconds, args.rate, found_of(args.questions, args.part)))
    elif args.keep:
        args.keep.mkdir(parents=True, exist_ok=True)
        measure(args, args.keep)
    else:
        with tempfile.TemporaryDirectory() as folder:
            measure(args, Path(folder))


if __name__ == "__main__":
    main()
