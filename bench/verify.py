"""Answers a second of ``/api/v1/verify`` with a million marks, asked by wrk, beside a bare aiohttp handler that returns the same bytes.

Prints one JSON line a figure (CONTRACT.md). A fresh embedded database holds ``--marks`` marks under ``--names`` names, each with a body. Three
kinds of questions: hosts with a mark, at random ("genuine"); eight of these to one stranger and one copy ("mixed"); one and the same
("bare"), which is what the handler beside it is asked. Also how long the service takes to load, and how soon a suspension is told.
Usage: ``python bench/verify.py [--marks 1000000] [--names 200000] [--seconds 10] [--connections 32]``.
"""

import argparse
import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Self

# A script's own folder comes first on the path, and there this file would hide a package of the same name.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

import aiohttp  # noqa: E402  # see above
from aiohttp import web  # noqa: E402  # see above

from registry.kernel.clock import SystemClock  # noqa: E402  # see above
from registry.kernel.config import Config, MarkConfig, load_config  # noqa: E402  # see above
from registry.kernel.db import Database  # noqa: E402  # see above
from registry.kernel.pg.cluster import Cluster  # noqa: E402  # see above
from registry.kernel.pg.migrate import migrate  # noqa: E402  # see above
from registry.kernel.web.app import Context, build_app  # noqa: E402  # see above
from verifier.marks.change import change_mark  # noqa: E402  # see above
from verifier.marks.states import MarkAct  # noqa: E402  # see above

ZONE = "xn--55qw42g"
SITES = ("www", "zwfw", "jyj", "wjw", "rsj", "kjj", "mzj", "sfj")
SEED = """
insert into registrar (id, name, iana_id, password_hash, created_at) values ('bench', '基准注册服务机构', 9995, '', now());
insert into body (uscc, name, kind, region, level, address, status, digest, imported_at)
    select '12430104' || lpad(n::text, 10, '0'), '基准机构' || n, '12', '430104', 'county', '麓山路' || n || '号', 'normal', '', now()
    from generate_series(1, $1) n;
insert into domain (roid, name, u_label, tld, tld_set, table_id, index_label, registrar_id, uscc, created_at, created_by, expires_at)
    select 'D' || n || '-CONAC', 'name' || n || '.xn--55qw42g', 'name' || n, 'xn--55qw42g', 'xn--55qw42g', 'zh-2022-05-31-93149ffa',
           'name' || n, 'bench', '12430104' || lpad(n::text, 10, '0'), now(), 'bench', now() + interval '1 year'
    from generate_series(1, $1) n;
insert into bundle_name (name, unicode, domain_roid, role)
    select 'name' || n || '.xn--55qw42g', 'name' || n || '.公益', 'D' || n || '-CONAC', 'registered' from generate_series(1, $1) n;
insert into verifier.site (id, uscc, name, origin, created_at)
    select 'S' || n, '12430104' || lpad((1 + n % $1)::text, 10, '0'), '基准网站' || n,
           'https://s' || (n / $1) || '.name' || (1 + n % $1) || '.xn--55qw42g', now() from generate_series(0, $2 - 1) n;
insert into verifier.mark (id, site_id, uscc, look, state, status_list, status_slot, issued_at, changed_at)
    select 'M' || n, 'S' || n, '12430104' || lpad((1 + n % $1)::text, 10, '0'), 'blue', 'valid', 1 + n / 65536, n % 65536, now(), now()
    from generate_series(0, $2 - 1) n;
insert into verifier.mark_host select 'M' || n, 's' || (n / $1) || '.name' || (1 + n % $1) || '.xn--55qw42g' from generate_series(0, $2 - 1) n;
analyze"""
READY_SECONDS = 600.0
WRK = """
math.randomseed({seed})
local names, sites, mixed = {names}, {sites}, {mixed}
request = function()
  local host = "s" .. math.random(0, sites - 1) .. ".name" .. math.random(1, names) .. ".{zone}"
  local kind = mixed and math.random(1, 10) or 1
  if kind == 9 then host = "www.site" .. math.random(1, 1000000) .. ".com" end
  if kind == 10 then host = "name" .. math.random(1, names) .. ".{zone}.evil" .. math.random(1, 1000000) .. ".com" end
  return wrk.format("GET", "/api/v1/verify?url=https://" .. host .. "/")
end
"""


async def seed(dsn: str, names: int, marks: int) -> None:
    """The register, written by set statements."""
    db = await Database.open(dsn, size=1, statement_timeout_seconds=0)
    for statement in SEED.split(";\n"):
        arguments = [names, marks] if "$2" in statement else [names] if "$1" in statement else []
        await db.execute(statement, *arguments)
    await db.close()


def serve(kind: str, dsn: str, base: int, folder: Path) -> None:
    """Be a server of one kind until ended."""
    import uvloop

    from registry.kernel.log import configure

    configure(f"bench-{kind}", "warning")
    config = replace(load_config(data=folder, port_base=base), mark=MarkConfig(questions_per_second=0))
    uvloop.run(_serve(kind, dsn, config, folder))


async def _serve(kind: str, dsn: str, config: Config, folder: Path) -> None:
    if kind == "bare":
        app = _bare((folder / "answer").read_bytes())
    else:
        from verifier.web.routes import routes

        db = await Database.open(dsn, size=config.database.pool_size)
        context = Context(config, db, SystemClock())
        app = build_app(context, [routes(context)], assets=("verifier.web",))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, config.address, config.port("web"), backlog=1024).start()
    await asyncio.Event().wait()


def _bare(payload: bytes) -> web.Application:
    async def handler(_: web.Request) -> web.Response:
        return web.Response(body=payload, content_type="application/json")

    app = web.Application()
    app.router.add_get("/{path:.*}", handler)
    return app


def wrk(port: int, path: str, seconds: float, connections: int, script: Path | None = None) -> dict[str, float]:
    """Rate, latency of the slowest hundredth in ms, and answers that were no 200."""
    words = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:.0f}s", "--latency"]
    words += ["-s", str(script)] if script else []
    told = subprocess.run([*words, f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True, check=True).stdout
    slow = re.search(r"99%\s+([\d.]+)(us|ms|s)", told)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    assert slow, told
    assert rate, told
    factor = {"us": 0.001, "ms": 1.0, "s": 1000.0}[slow[2]]
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", told)
    return {"rate": float(rate[1]), "p99_ms": float(slow[1]) * factor, "failed": float(failed[1]) if failed else 0.0}


class Server:
    """A server process of one kind."""

    def __init__(self, kind: str, dsn: str, folder: Path, base: int) -> None:
        self._words = [
            sys.executable,
            __file__,
            "--serve",
            kind,
            "--dsn",
            dsn,
            "--base",
            str(base),
            "--folder",
            str(folder),
        ]
        self.port = base
        self._process: subprocess.Popen[bytes] | None = None

    async def __aenter__(self) -> Self:
        self._process = subprocess.Popen(self._words)  # noqa: ASYNC220  # nothing else runs while it starts
        for _ in range(int(READY_SECONDS / 0.1)):
            await asyncio.sleep(0.1)
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                continue
            writer.close()
            return self
        raise TimeoutError(f"{self._words} does not listen")

    def processor_seconds(self) -> float:
        """What the process has used so far."""
        assert self._process
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """Resident megabytes."""
        assert self._process
        return int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

    async def __aexit__(self, *_: object) -> None:
        assert self._process
        self._process.terminate()
        self._process.wait()


async def measure(dsn: str, folder: Path, args: argparse.Namespace) -> None:
    """Ours by all kinds of questions, the bare handler, and the way of a suspension."""
    base = 21000 + os.getpid() % 20000
    path = f"/api/v1/verify?url=https://s0.name1.{ZONE}/"
    figures: dict[str, dict[str, float]] = {}
    async with (
        Server("verify", dsn, folder, base) as server,
        aiohttp.ClientSession(f"http://127.0.0.1:{server.port}") as client,
    ):
        began = time.monotonic()
        async with client.get(path, timeout=aiohttp.ClientTimeout(READY_SECONDS)) as answer:
            (folder / "answer").write_bytes(await answer.read())
        say("load", time.monotonic() - began, "s", args)
        say("memory", server.memory(), "MB", args)
        for kind in ("genuine", "mixed"):
            script = folder / f"{kind}.lua"
            script.write_text(
                WRK.format(
                    seed=os.getpid(),
                    names=args.names,
                    sites=args.marks // args.names,
                    zone=ZONE,
                    mixed=str(kind == "mixed").lower(),
                )
            )
            used = server.processor_seconds()
            figures[kind] = wrk(server.port, path, args.seconds, args.connections, script)
            used = server.processor_seconds() - used
            figures[kind]["cpu_ms_per_1000"] = used / (figures[kind]["rate"] * args.seconds) * 1e6
        await suspension(dsn, client, args)
    async with Server("bare", dsn, folder, base) as server:
        used = server.processor_seconds()
        figures["bare"] = wrk(server.port, path, args.seconds, args.connections)
        figures["bare"]["cpu_ms_per_1000"] = (
            (server.processor_seconds() - used) / (figures["bare"]["rate"] * args.seconds) * 1e6
        )
    bare = figures["bare"]
    for kind in ("genuine", "mixed"):
        assert not figures[kind]["failed"], figures[kind]
        for figure, unit in (("rate", "answers/s"), ("p99_ms", "ms"), ("cpu_ms_per_1000", "ms")):
            say(f"{kind}.{figure}", figures[kind][figure], unit, args, bare[figure])


async def suspension(dsn: str, client: aiohttp.ClientSession, args: argparse.Namespace) -> None:
    """Seconds from the order to the first answer that tells it."""
    db = await Database.open(dsn, size=2)
    began = time.monotonic()
    await change_mark(db, "M0", MarkAct.SUSPEND, "基准", "bench", SystemClock())
    while True:
        async with client.get("/api/v1/verify", params={"url": f"https://s0.name1.{ZONE}/"}) as answer:
            if (await answer.json())["verdict"] == "suspended":
                break
        await asyncio.sleep(0.02)
    say("suspension_told", time.monotonic() - began, "s", args)
    await db.close()


def say(name: str, value: float, unit: str, args: argparse.Namespace, peer: float | None = None) -> None:
    """One line."""
    line: dict[str, object] = {"bench": f"verify.{name}", "value": round(value, 2), "unit": unit}
    if peer is not None:
        line |= {"peer": "bare aiohttp, same bytes", "peer_value": round(peer, 2), "ratio": round(value / peer, 3)}
    print(
        json.dumps(
            line | {"marks": args.marks, "connections": args.connections, "load": os.getloadavg()[0]},
            ensure_ascii=False,
        ),
        flush=True,
    )


def main() -> None:
    """Parse the arguments, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--marks", type=int, default=1_000_000)
    parser.add_argument("--names", type=int, default=200_000)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--connections", type=int, default=32)
    for hidden in ("--serve", "--dsn", "--base", "--folder"):
        parser.add_argument(hidden, default="", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.serve:
        serve(args.serve, args.dsn, int(args.base), Path(args.folder))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Cluster(load_config(data=folder / "data")) as cluster:
            asyncio.run(_prepare_and_measure(cluster.dsn, folder, args))


async def _prepare_and_measure(dsn: str, folder: Path, args: argparse.Namespace) -> None:
    await migrate(dsn)
    await seed(dsn, args.names, args.marks)
    await measure(dsn, folder, args)


if __name__ == "__main__":
    main()
