"""Look-ups a second on port 43 and in RDAP, against a bare aiohttp handler that returns the same bytes in the same run.

Prints one JSON line a figure (CONTRACT.md). A fresh embedded database holds ``--names`` names, each with a body; the questions hit names at
random. Each server is a process of its own, asked by ``--clients`` callers at once: RDAP over kept connections, port 43 with a
connection a question, as the protocol wants; the bare handler is asked the same way.
Usage: ``python bench/whois.py [--names 20000] [--seconds 6] [--clients 64]``.
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
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

# A script's own folder comes first on the path, and there this file would hide the package of the same name.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from aiohttp import web  # noqa: E402  # see above

from registry.kernel.clock import SystemClock  # noqa: E402  # see above
from registry.kernel.config import Config, WhoisConfig, load_config  # noqa: E402  # see above
from registry.kernel.db import Database  # noqa: E402  # see above
from registry.kernel.pg.cluster import Cluster  # noqa: E402  # see above
from registry.kernel.pg.migrate import migrate  # noqa: E402  # see above
from registry.kernel.service import Parts  # noqa: E402  # see above
from registry.kernel.web.app import Context, build_app  # noqa: E402  # see above

ZONE = "xn--55qw42g"
SEED = """
insert into registrar (id, name, iana_id, password_hash, email, phone, url, created_at)
    values ('bench', '基准注册服务机构', 9995, '', 'abuse@bench.example', '+86.1012345678', 'https://bench.example/', now());
insert into contact (roid, id, registrar_id, postal, email, created_at, created_by)
    values ('C1-CONAC', 'c-bench', 'bench', '{"loc": {"name": "值班", "org": "", "street": ["路"], "city": "北京市", "province": "北京市",
            "postcode": "100000", "country": "CN"}}', 'x@bench.example', now(), 'bench');
insert into host (roid, name, registrar_id, created_at, created_by) values ('H1-CONAC', 'ns1.bench.example', 'bench', now(), 'bench'),
    ('H2-CONAC', 'ns2.bench.example', 'bench', now(), 'bench');
insert into body (uscc, name, kind, region, level, address, phone, status, digest, imported_at)
    select '12430104' || lpad(n::text, 10, '0'), '基准机构' || n, '12', '430104', 'county', '麓山路' || n || '号', '0731-88880000',
           'normal', '', now()
    from generate_series(1, $1) n;
insert into domain (roid, name, u_label, tld, tld_set, table_id, index_label, registrar_id, registrant_id, uscc,
                    created_at, created_by, expires_at)
    select 'D' || n || '-CONAC', 'name' || n || '.xn--55qw42g', 'name' || n, 'xn--55qw42g', 'xn--55qw42g', 'zh-2022-05-31-93149ffa',
           'name' || n, 'bench', 'c-bench', '12430104' || lpad(n::text, 10, '0'), now(), 'bench', now() + interval '1 year'
    from generate_series(1, $1) n;
insert into bundle_name (name, unicode, domain_roid, role)
    select 'name' || n || '.xn--55qw42g', 'name' || n || '.公益', 'D' || n || '-CONAC', 'registered' from generate_series(1, $1) n;
insert into domain_contact select 'D' || n || '-CONAC', 'tech', 'c-bench' from generate_series(1, $1) n;
insert into domain_host select 'D' || n || '-CONAC', h.roid from generate_series(1, $1) n, host h;
analyze"""
READY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Load:
    """Who asks, how long, for which names."""

    names: int
    seconds: float
    clients: int


async def seed(dsn: str, names: int) -> None:
    """The register, written by set statements."""
    db = await Database.open(dsn, size=1, statement_timeout_seconds=0)
    for statement in SEED.split(";\n"):
        await db.execute(statement, *([names] if "$1" in statement else []))
    await db.close()


def serve(kind: str, dsn: str, port_base: int, payload: Path) -> None:
    """Be a server of one kind until ended."""
    import uvloop

    from registry.kernel.log import configure

    configure(f"bench-{kind}", "warning")
    config = load_config(data=payload.parent, port_base=port_base)
    uvloop.run(_serve(kind, dsn, config, payload.read_bytes() if payload.exists() else b""))


async def _serve(kind: str, dsn: str, config: Config, payload: bytes) -> None:
    if kind == "bare":
        await _listen(_bare(payload), config)
    else:
        db = await Database.open(dsn, size=config.database.pool_size)
        if kind == "port43":
            from dataclasses import replace

            from whois.service import create

            open_config = replace(config, whois=WhoisConfig(queries_per_minute=0))
            await create(Parts(open_config, db, SystemClock())).start()
        else:
            from whois.rdap.routes import routes

            context = Context(config, db, SystemClock())
            await _listen(build_app(context, [routes(context)]), config)
    await asyncio.Event().wait()


def _bare(payload: bytes) -> web.Application:
    async def handler(_: web.Request) -> web.Response:
        return web.Response(body=payload)

    app = web.Application()
    app.router.add_get("/{path:.*}", handler)
    return app


async def _listen(app: web.Application, config: Config) -> None:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, config.address, config.port("web"), backlog=1024).start()


async def by_http(port: int, path: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    """One request on a kept connection."""
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
    body = await reader.readexactly(length)
    assert b" 200 " in head[:20], head
    return body


async def by_whois(port: int, name: str) -> bytes:
    """One question on a connection of its own."""
    return await _one_shot(port, f"{name}\r\n".encode())


async def by_http_once(port: int, name: str) -> bytes:
    """One request on a connection of its own, what port 43 is measured against."""
    return await _one_shot(port, f"GET /{name} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())


async def _one_shot(port: int, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    found = await reader.read()
    writer.close()
    assert found
    return found


async def kept(load: Load, port: int, prefix: str, times: list[float]) -> None:
    """A caller that keeps its connection."""
    chance = random.Random(port)  # noqa: S311  # repeatable on purpose
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    end = time.monotonic() + load.seconds
    while (began := time.monotonic()) < end:
        await by_http(port, f"{prefix}name{chance.randint(1, load.names)}.{ZONE}", reader, writer)
        times.append(time.monotonic() - began)
    writer.close()


async def fresh(load: Load, port: int, ask: Callable[[int, str], Awaitable[bytes]], times: list[float]) -> None:
    """A caller that connects anew for every question."""
    chance = random.Random(port)  # noqa: S311  # repeatable on purpose
    end = time.monotonic() + load.seconds
    while (began := time.monotonic()) < end:
        await ask(port, f"name{chance.randint(1, load.names)}.{ZONE}")
        times.append(time.monotonic() - began)


async def drive(load: Load, caller: Callable[[list[float]], Awaitable[None]]) -> dict[str, float]:
    """Let all callers ask, and count."""
    times: list[float] = []
    began = time.monotonic()
    await asyncio.gather(*(caller(times) for _ in range(load.clients)))
    took = time.monotonic() - began
    times.sort()
    return {"rate": len(times) / took, "p99_ms": times[int(len(times) * 0.99)] * 1000}


class Server:
    """A server process of one kind."""

    def __init__(self, kind: str, dsn: str, folder: Path, base: int) -> None:
        self.config = load_config(data=folder, port_base=base)
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
        self._port = self.config.port("whois" if kind == "port43" else "web")
        self._process: subprocess.Popen[bytes] | None = None

    async def __aenter__(self) -> int:
        self._process = subprocess.Popen(self._words)  # noqa: ASYNC220  # nothing else runs while it starts
        for _ in range(int(READY_SECONDS / 0.05)):
            await asyncio.sleep(0.05)
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self._port)
            except OSError:
                continue
            writer.close()
            return self._port
        raise TimeoutError(f"{self._words} does not listen")

    async def __aexit__(self, *_: object) -> None:
        assert self._process
        self._process.terminate()
        self._process.wait()


async def measure(dsn: str, folder: Path, load: Load) -> None:
    """Ours and the bare handler, one after the other, with the bytes of a real answer."""
    base = 21000 + os.getpid() % 20000
    name = f"name1.{ZONE}"
    async with Server("port43", dsn, folder, base) as port:
        (folder / "bare").write_bytes(await by_whois(port, name))
        mine = await drive(load, lambda times: fresh(load, port, by_whois, times))
    async with Server("bare", dsn, folder, base) as port:
        peer = await drive(load, lambda times: fresh(load, port, by_http_once, times))
    report("whois.port43", mine, peer, load)
    async with Server("rdap", dsn, folder, base) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        (folder / "bare").write_bytes(await by_http(port, f"/rdap/domain/{name}", reader, writer))
        writer.close()
        mine = await drive(load, lambda times: kept(load, port, "/rdap/domain/", times))
    async with Server("bare", dsn, folder, base) as port:
        peer = await drive(load, lambda times: kept(load, port, "/rdap/domain/", times))
    report("whois.rdap_domain", mine, peer, load)


def report(name: str, mine: dict[str, float], peer: dict[str, float], load: Load) -> None:
    """Two lines: look-ups a second, and the slowest hundredth."""
    for figure, unit in (("rate", "lookups/s"), ("p99_ms", "ms")):
        line = {
            "bench": f"{name}.{figure}",
            "value": round(mine[figure], 1),
            "unit": unit,
            "peer": "bare aiohttp, same bytes",
        }
        line |= {"peer_value": round(peer[figure], 1), "ratio": round(mine[figure] / peer[figure], 3)}
        print(json.dumps(line | {"names": load.names, "clients": load.clients}, ensure_ascii=False), flush=True)


def main() -> None:
    """Parse the arguments, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--clients", type=int, default=64)
    for hidden in ("--serve", "--dsn", "--base", "--payload"):
        parser.add_argument(hidden, default="", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.serve:
        serve(args.serve, args.dsn, int(args.base), Path(args.payload))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Cluster(load_config(data=folder / "data")) as cluster:
            asyncio.run(_prepare_and_measure(cluster.dsn, folder, Load(args.names, args.seconds, args.clients)))


async def _prepare_and_measure(dsn: str, folder: Path, load: Load) -> None:
    await migrate(dsn)
    await seed(dsn, load.names)
    await measure(dsn, folder, load)


if __name__ == "__main__":
    main()
