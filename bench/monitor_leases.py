"""The lease table: looks taken and finished a second, with fences, turns of hosts and shared addresses, results and hourly figures written.

Prints one JSON line a figure. An embedded PostgreSQL with its ordinary durable settings; a third of the sites lie behind shared addresses of fifty.
Nothing is fetched. Usage: ``python bench/monitor_leases.py [--sites 200000] [--seconds 10] [--workers 4]``.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

# A script's own folder comes first on the path, and there files would hide libraries of the same name.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from registry.kernel.config import load_config  # noqa: E402  # see above
from registry.kernel.db import Database  # noqa: E402  # see above
from registry.kernel.pg.cluster import Cluster  # noqa: E402  # see above
from registry.kernel.pg.migrate import migrate  # noqa: E402  # see above
from verifier.monitor.leases import Done, Place, finish, take  # noqa: E402  # see above
from verifier.monitor.records.visits import Visit, make_parts, write_visits  # noqa: E402  # see above
from verifier.monitor.rounds import BY_ID  # noqa: E402  # see above

BATCH = 250
PULSE = BY_ID["pulse"]
START = datetime(2026, 6, 1, tzinfo=UTC)
FILL = (
    """insert into verifier.watch (site_id, origin, host, since)
       select 'site-' || n, 'https://h' || n || '.example', 'h' || n || '.example', now() from generate_series(1, $1) n""",
    """insert into verifier.watch_turn (watch_no, address, slots)
       select n, '198.18.' || n / 50 % 256 || '.' || n / 12800, case when n % 3 = 0 then 2 else 0 end from generate_series(1, $1) n""",
    """insert into verifier.lease (vantage, round, watch_no, due_at, planned_at)
       select 'here', 'pulse', n, '2026-06-01', '2026-06-01' from generate_series(1, $1) n""",
)


def say(bench: str, value: float, unit: str) -> None:
    sys.stdout.write(json.dumps({"bench": bench, "value": round(value, 1), "unit": unit}) + "\n")
    sys.stdout.flush()


async def worker(db: Database, number: int, end: float, counts: dict[str, int]) -> None:
    """Take, finish, write, until the time is over. Each batch lies a second after the one before it."""
    place = Place("here", f"worker-{number}")
    now = START
    while time.perf_counter() < end:
        now += timedelta(seconds=1.5)
        async with db.transaction() as conn:
            taken = await take(conn, place, PULSE, now, BATCH)
        if not taken:
            continue
        done = [Done(one, now + PULSE.every, counted_at=now, address=one.address) for one in taken]
        async with db.transaction() as conn:
            ours = await finish(conn, place, PULSE, done, now)
            await write_visits(conn, "here", [Visit(no, now, True, False, 120, "", True) for no in sorted(ours)])
        counts["looks"] += len(ours)
        counts["batches"] += 1


async def measure(dsn: str, sites: int, seconds: float, workers: int) -> None:
    db = await Database.open(dsn, size=workers + 1)
    for statement in FILL:
        await db.execute(statement, sites)
    async with db.transaction() as conn:
        await make_parts(conn, START, days=3)
    await db.execute("analyze verifier.lease")
    counts = {"looks": 0, "batches": 0}
    start = time.perf_counter()
    await asyncio.gather(*(worker(db, n, start + seconds, counts) for n in range(workers)))
    say("monitor_leases", counts["looks"] / (time.perf_counter() - start), "checks/s")
    say(
        "monitor_lease_batch",
        counts["looks"] / max(counts["batches"], 1),
        f"looks a batch, {workers} workers, {sites} sites",
    )
    await db.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sites", type=int, default=200_000)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--workers", type=int, default=4)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Cluster(load_config(data=Path(folder))) as cluster:
        asyncio.run(migrate(cluster.dsn))
        asyncio.run(measure(cluster.dsn, wanted.sites, wanted.seconds, wanted.workers))


if __name__ == "__main__":
    main()
