"""The red pages with a million entries: how long a page, a word, a sound and a suggestion take, in the database and as whole pages.

Prints one JSON line a figure (CONTRACT.md). Fills the table of the red pages itself, with names put together like those of real bodies (a
place and what the body is), counts them, and asks each kind of question ``--rounds`` times with other values; the pages go through the web
application in this process. Usage: ``python bench/directory.py [--entries 1000000] [--rounds 60]``.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from aiohttp.test_utils import TestClient, TestServer  # noqa: E402  # see bench/whois.py

from registry.jobs.refresh_directory import entry_of  # noqa: E402  # see above
from registry.kernel.clock import SystemClock  # noqa: E402  # see above
from registry.kernel.config import load_config  # noqa: E402  # see above
from registry.kernel.db import Database  # noqa: E402  # see above
from registry.kernel.log import configure  # noqa: E402  # see above
from registry.kernel.pg.cluster import Cluster  # noqa: E402  # see above
from registry.kernel.pg.migrate import migrate  # noqa: E402  # see above
from registry.kernel.web.app import Context, build_app  # noqa: E402  # see above
from registry.published import directory  # noqa: E402  # see above
from registry.published.directory import SERVICES, Filter  # noqa: E402  # see above
from registry.published.places import below, provinces  # noqa: E402  # see above
from registry.store import directory as store  # noqa: E402  # see above
from registry.store.directory import Source  # noqa: E402  # see above
from whois.web.routes import routes  # noqa: E402  # see above

SORTS = (
    "教育局",
    "人民政府",
    "公安局",
    "第一中学",
    "人民医院",
    "图书馆",
    "市场监督管理局",
    "卫生健康委员会",
    "自然资源局",
    "税务局",
    "民政局",
    "统计局",
)
BATCH = 20_000


async def fill(db: Database, count: int) -> None:
    """The entries, spread over all places of the country."""
    places = [
        place
        for province in provinces()
        for city in (province, *below(province.code))
        for place in (city, *below(city.code))
    ]
    now = SystemClock().now()
    for first in range(0, count, BATCH):
        entries = [entry_of(_source(number, places)) for number in range(first, min(count, first + BATCH))]
        async with db.transaction() as conn:
            await store.put(conn, entries, now)
    async with db.transaction() as conn:
        await store.recount(conn)
    await db.execute("vacuum analyze directory_entry")


def _source(number: int, places: list[object]) -> Source:
    place = places[number % len(places)]
    name = f"{place.name}{SORTS[number // len(places) % len(SORTS)]}{number // len(places) // len(SORTS) or ''}"  # type: ignore[attr-defined]  # a Place
    kind = "11" if number % 3 else "12"
    return Source(
        f"{kind}{number:016}", name, kind, place.code, "county", [f"{name}.政务"], [f"n{number}.xn--zfr164b"], ""
    )  # type: ignore[attr-defined]  # a Place


async def timed(name: str, rounds: int, ask: Callable[[], Awaitable[object]], entries: int) -> None:
    """Median and slowest twentieth; the first question counts too."""
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        await ask()
        times.append((time.perf_counter() - began) * 1000)
    first = times[0]
    times.sort()
    line = {
        "bench": f"directory.{name}",
        "value": round(times[len(times) // 2], 2),
        "unit": "ms",
        "p95": round(times[int(len(times) * 0.95)], 2),
        "first": round(first, 2),
    }
    print(
        json.dumps(
            line | {"peer": "bar", "peer_value": 50, "ratio": round(times[len(times) // 2] / 50, 3), "entries": entries}
        ),
        flush=True,
    )


async def measure(dsn: str, folder: Path, entries: int, rounds: int) -> None:
    await migrate(dsn)
    db = await Database.open(dsn, size=4, statement_timeout_seconds=0)
    await fill(db, entries)
    chance = random.Random(7)  # noqa: S311  # repeatable on purpose
    codes = [place.code for place in provinces()]
    words = (
        [place.name[:2] + "市" for place in provinces()]
        + list(SORTS)
        + [place.name[:3] for province in provinces() for place in below(province.code)]
    )
    sounds = ["beijing", "changsha", "cs", "bjs", "hunan", "jiaoyu", "hns", "guangzhou", "sh", "zhejiang"]

    def pick(values: list[str]) -> str:
        return chance.choice(values)

    questions: dict[str, Callable[[], Awaitable[object]]] = {
        "first_page": lambda: directory.listing(db, Filter()),
        "province": lambda: directory.listing(db, Filter(region=pick(codes))),
        "province_and_service": lambda: directory.listing(
            db, Filter(region=pick(codes), service=chance.choice(SERVICES).key)
        ),
        "kind": lambda: directory.listing(db, Filter(kind=pick(["11", "12", "13"]))),
        "word": lambda: directory.listing(db, Filter(word=pick(words))),
        "word_in_province": lambda: directory.listing(db, Filter(word=pick(list(SORTS)), region=pick(codes))),
        "sound": lambda: directory.suggest(db, pick(sounds)),
        "suggestion": lambda: directory.suggest(db, pick(words)),
    }
    for name, ask in questions.items():
        await timed(name, rounds, ask, entries)
    context = Context(load_config(data=folder), db, SystemClock())
    async with TestClient(TestServer(build_app(context, [routes(context)], assets=("whois.web",)))) as client:

        async def get(path: str) -> None:
            async with client.get(path) as answer:
                assert answer.status == 200
                await answer.read()

        await timed("page", rounds, lambda: get("/directory"), entries)
        await timed("page_of_word", rounds, lambda: get(f"/directory?q={pick(words)}"), entries)
        await timed("suggest_over_http", rounds, lambda: get(f"/directory/suggest?q={pick(words + sounds)}"), entries)
    await db.close()


def main() -> None:
    """Parse the arguments, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=60)
    args = parser.parse_args()
    configure("bench-directory", "warning")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Cluster(load_config(data=folder / "data")) as cluster:
            asyncio.run(measure(cluster.dsn, folder, args.entries, args.rounds))


if __name__ == "__main__":
    main()
