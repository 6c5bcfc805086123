"""Look-ups a second on port 43 and over RDAP, against a bare aiohttp handler that returns the same bytes in the same run.

Prints one JSON line a figure (CONTRACT.md). A fresh embedded database holds ``--names`` names, each with a body. Questions are drawn at random
from ``--hot`` of them ("hot": after a first round their answers are in memory), and then from all of them ("cold": nearly every question goes to the
database). RDAP is asked by wrk over ``--clients`` kept connections, port 43 by ``bench/loads/lines.c`` with a connection a question, as the protocol
wants; the bare handler is asked the same way. ``--workers`` processes share each port, ours and the bare handler's alike. The CPU that the
server processes took stands beside each rate, because the clients share the machine.
Usage: ``python bench/whois.py [--names 20000] [--hot 2000] [--seconds 6] [--clients 64] [--workers 1]``.
"""

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

# A script's own folder comes first on the path, and there this file would hide the package of the same name.
HERE = Path(__file__).resolve().parent
sys.path[0] = str(HERE.parent)

from aiohttp import web  # noqa: E402  # see above

from registry.kernel.clock import SystemClock  # noqa: E402  # see above
from registry.kernel.config import Config, WhoisConfig, load_config  # noqa: E402  # see above
from registry.kernel.db import Database  # noqa: E402  # see above
from registry.kernel.pg.cluster import Cluster  # noqa: E402  # see above
from registry.kernel.pg.migrate import migrate  # noqa: E402  # see above
from registry.kernel.service import Parts  # noqa: E402  # see above
from registry.kernel.web.app import Context, build_app  # noqa: E402  # see above

ZONE = ".xn--55qw42g"
READY_SECONDS = 60.0
WARM_SECONDS = (
    10.0  # at two thousand answers a second out of the register, enough for the ten thousand of the largest run
)


@dataclass(frozen=True, slots=True)
class Load:
    """Who asks, how long, for which names, of how many processes."""

    names: int
    hot: int
    seconds: float
    clients: int
    workers: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Answers a second, the slowest hundredth in milliseconds, broken answers, and CPU microseconds of the server an answer."""

    rate: float
    p99_ms: float
    broken: int
    cpu_us: float


async def seed(dsn: str, names: int) -> None:
    """The register, written by set statements."""
    db = await Database.open(dsn, size=1, statement_timeout_seconds=0)
    for statement in (HERE / "seeds" / "whois.sql").read_text().split(";\n"):
        if statement.strip():
            await db.execute(statement, *([names] if "$1" in statement else []))
    await db.close()


def serve(kind: str, dsn: str, port_base: int, payload: Path) -> None:
    """Be a server of one kind until ended."""
    import uvloop

    from registry.kernel.log import configure

    configure(f"bench-{kind}", "warning")
    config = replace(
        load_config(data=payload.parent, port_base=port_base),
        whois=WhoisConfig(queries_per_minute=0, max_connections=20_000),
    )
    uvloop.run(_serve(kind, dsn, config, payload.read_bytes() if payload.exists() else b""))


async def _serve(kind: str, dsn: str, config: Config, payload: bytes) -> None:
    if kind == "bare":
        await _listen_bare(payload, config)
        await asyncio.Event().wait()
    db = await Database.open(dsn, size=config.database.pool_size)
    parts = Parts(config, db, SystemClock())
    if kind == "port43":
        from whois.service import create

        await create(parts).start()
    else:
        await _listen_rdap(parts)
    await asyncio.Event().wait()


async def _listen_rdap(parts: Parts) -> None:
    """As the web process does (registry/cli/web.py), with the routes of RDAP alone."""
    from whois.rdap.door import RdapDoor
    from whois.rdap.routes import routes

    async def nobody(_: str) -> None:
        raise AssertionError

    door = RdapDoor(parts, nobody)  # type: ignore[arg-type]  # nobody signs in here
    await door.start()
    context = Context(parts.config, parts.db, parts.clock, extras={"rdap": door.desk})
    runner = web.AppRunner(build_app(context, [routes(context)]), access_log=None)
    await runner.setup()
    lane = door.lane(runner.server)  # type: ignore[arg-type]  # there is one after the setup
    await asyncio.get_running_loop().create_server(
        lane, parts.config.address, parts.config.port("web"), reuse_port=True, backlog=1024
    )


async def _listen_bare(payload: bytes, config: Config) -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.Response(body=payload)

    app = web.Application()
    app.router.add_get("/{path:.*}", handler)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, config.address, config.port("web"), backlog=1024, reuse_port=True).start()


class Server:
    """Server processes of one kind on one port."""

    def __init__(self, kind: str, dsn: str, folder: Path, base: int, workers: int) -> None:
        config = load_config(data=folder, port_base=base)
        self.port = config.port("whois" if kind == "port43" else "web")
        self._words = [
            sys.executable,
            __file__,
            "--serve",
            kind,
            "--dsn",
            dsn,
            "--base",
            str(base),
            "--payload",
            str(folder / kind),
        ]
        self._workers = workers
        self._processes: list[subprocess.Popen[bytes]] = []

    async def __aenter__(self) -> Self:
        self._processes = [subprocess.Popen(self._words) for _ in range(self._workers)]  # noqa: ASYNC220  # nothing else runs while it starts
        for _ in range(int(READY_SECONDS / 0.05)):
            await asyncio.sleep(0.05)
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.close()
                await asyncio.sleep(0.5 * self._workers)
                return self
        raise TimeoutError(f"{self._words} does not listen")

    async def __aexit__(self, *_: object) -> None:
        for process in self._processes:
            process.terminate()
            process.wait()

    @property
    def cpu_seconds(self) -> float:
        """User and system time that the processes took."""
        stats = (Path(f"/proc/{one.pid}/stat").read_text().rpartition(")")[2].split() for one in self._processes)
        return sum(int(one[11]) + int(one[12]) for one in stats) / os.sysconf("SC_CLK_TCK")

    async def drive(self, load: Callable[[int], "asyncio.Future[tuple[int, float, float, int]] | object"]) -> Figures:
        """Let a load run, and count what it cost."""
        before = self.cpu_seconds
        answered, seconds, p99_ms, broken = await load(self.port)  # type: ignore[misc]  # a coroutine function
        cpu = self.cpu_seconds - before
        return Figures(answered / seconds, p99_ms, broken, cpu / max(answered, 1) * 1e6)


def by_wrk(load: Load, prefix: str, names: int, seconds: float) -> Callable[[int], object]:
    """Wrk over kept connections."""

    async def ask(port: int) -> tuple[int, float, float, int]:
        environment = {**os.environ, "PREFIX": prefix, "ZONE": ZONE, "NAMES": str(names)}
        words = [
            "wrk",
            "-t1",
            f"-c{load.clients}",
            f"-d{seconds:g}s",
            "-s",
            str(HERE / "loads" / "names.lua"),
            f"http://127.0.0.1:{port}/",
        ]
        process = await asyncio.create_subprocess_exec(*words, env=environment, stdout=subprocess.PIPE)
        said = (await process.communicate())[0].decode()
        found = json.loads(said.partition("JSON ")[2].splitlines()[0])
        return found["answered"], found["seconds"], found["p99"], found["broken"]

    return ask


def by_lines(load: Load, program: Path, requests: Path, seconds: float) -> Callable[[int], object]:
    """A connection a question."""

    async def ask(port: int) -> tuple[int, float, float, int]:
        words = [str(program), str(port), str(load.clients), str(seconds), str(requests)]
        process = await asyncio.create_subprocess_exec(*words, stdout=subprocess.PIPE)
        answered, broken, _, p99 = map(int, (await process.communicate())[0].split())
        return answered, seconds, p99 / 1000, broken

    return ask


def write_requests(path: Path, form: str, names: int) -> Path:
    """The questions of ``lines``: the form with each name put in, each behind its length."""
    with path.open("wb") as file:
        for number in range(1, names + 1):
            request = form.format(f"name{number}{ZONE}").encode()
            file.write(f"{len(request):04d}\n".encode() + request)
    return path


async def port43(dsn: str, folder: Path, load: Load, base: int) -> None:
    """Port 43 and the bare handler, both with a connection a question."""
    program = folder / "lines"
    subprocess.run(["cc", "-O2", "-o", str(program), str(HERE / "loads" / "lines.c")], check=True)  # noqa: ASYNC221  # once, before anything is measured
    few = write_requests(folder / "few", "{}\r\n", load.hot)
    many = write_requests(folder / "many", "{}\r\n", load.names)
    http = write_requests(folder / "http", "GET /{} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", load.hot)
    async with Server("port43", dsn, folder, base, load.workers) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(f"name1{ZONE}\r\n".encode())
        (folder / "bare").write_bytes(await reader.read())
        writer.close()
        await server.drive(by_lines(load, program, few, WARM_SECONDS))
        hot = await server.drive(by_lines(load, program, few, load.seconds))
        cold = await server.drive(by_lines(load, program, many, load.seconds))
    async with Server("bare", dsn, folder, base, load.workers) as server:
        peer = await server.drive(by_lines(load, program, http, load.seconds))
    report("whois.port43.hot", hot, peer, load)
    report("whois.port43.cold", cold, peer, load)


async def rdap(dsn: str, folder: Path, load: Load, base: int) -> None:
    """RDAP and the bare handler, both over kept connections."""
    async with Server("rdap", dsn, folder, base, load.workers) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(f"GET /rdap/domain/name1{ZONE} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        (folder / "bare").write_bytes(
            await reader.readexactly(int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]))
        )
        writer.close()
        await server.drive(by_wrk(load, "/rdap/domain/", load.hot, WARM_SECONDS))
        hot = await server.drive(by_wrk(load, "/rdap/domain/", load.hot, load.seconds))
        cold = await server.drive(by_wrk(load, "/rdap/domain/", load.names, load.seconds))
    async with Server("bare", dsn, folder, base, load.workers) as server:
        peer = await server.drive(by_wrk(load, "/rdap/domain/", load.hot, load.seconds))
    report("whois.rdap_domain.hot", hot, peer, load)
    report("whois.rdap_domain.cold", cold, peer, load)


def report(name: str, mine: Figures, peer: Figures, load: Load) -> None:
    """Three lines: look-ups a second, the slowest hundredth, CPU a look-up."""
    around = {
        "names": load.names,
        "hot": load.hot,
        "clients": load.clients,
        "workers": load.workers,
        "broken": mine.broken,
        "load": os.getloadavg()[0],
    }
    for figure, unit in (("rate", "lookups/s"), ("p99_ms", "ms"), ("cpu_us", "us")):
        ours, theirs = getattr(mine, figure), getattr(peer, figure)
        line = {"bench": f"{name}.{figure}", "value": round(ours, 1), "unit": unit, "peer": "bare aiohttp, same bytes"}
        line |= {"peer_value": round(theirs, 1), "ratio": round(ours / theirs, 3) if theirs else None}
        print(json.dumps(line | around, ensure_ascii=False), flush=True)


def main() -> None:
    """Parse the arguments, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", type=int, default=20_000)
    parser.add_argument("--hot", type=int, default=2_000)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--workers", type=int, default=1)
    for hidden in ("--serve", "--dsn", "--base", "--payload"):
        parser.add_argument(hidden, default="", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.serve:
        serve(args.serve, args.dsn, int(args.base), Path(args.payload))
        return
    load = Load(args.names, min(args.hot, args.names), args.seconds, args.clients, args.workers)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Cluster(load_config(data=folder / "data")) as cluster:
            asyncio.run(_prepare_and_measure(cluster.dsn, folder, load))


async def _prepare_and_measure(dsn: str, folder: Path, load: Load) -> None:
    await migrate(dsn)
    await seed(dsn, load.names)
    base = 21000 + os.getpid() % 20000
    if shutil.which("cc"):
        await port43(dsn, folder, load, base)
    if shutil.which("wrk"):
        await rdap(dsn, folder, load, base)


if __name__ == "__main__":
    main()
