"""Commands a second through the registrars' door: real TLS sessions, durable commits, a register that is full.

Prints one JSON line a figure (CONTRACT.md): rate, p50 and p99, and the CPU that the server process took per 1,000 commands, for
check, info, create, update, renew and poll. Beside each rate, in the same run, the floors: the same statements through
asyncpg without EPP, and (check, info, create) by pgbench. The peer figures are those of Namingo's EPP server as measured on a machine
like this one with the same load shape.
Usage: ``python bench/epp.py`` for a short run; ``--full`` for a million domains at 1, 8, 32 and 128 sessions; ``--workers N`` processes.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import ssl
import statistics
import struct
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import count
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

sys.path[0] = str(
    Path(__file__).resolve().parent.parent
)  # a script's own folder comes first, and this file is called epp

import uvloop  # noqa: E402  # see above

from bench.floors.statements import Statements, record, run_pgbench  # noqa: E402  # see above
from registry.epp.server import EppServer  # noqa: E402
from registry.flows.act import Act, Caller  # noqa: E402
from registry.flows.contact.create import CreateContact, create_contact  # noqa: E402
from registry.flows.domain.check import CheckDomains, check_domains  # noqa: E402
from registry.flows.domain.create import CreateDomain, create_domain  # noqa: E402
from registry.flows.domain.info import InfoDomain, info_domain  # noqa: E402
from registry.flows.domain.renew import RenewDomain, renew_domain  # noqa: E402
from registry.flows.domain.update import UpdateDomain, update_domain  # noqa: E402
from registry.flows.host.create import CreateHost, create_host  # noqa: E402
from registry.flows.poll.request import PollRequest, poll_request  # noqa: E402
from registry.flows.registrar.bind_certificate import BindCertificate, bind_certificate  # noqa: E402
from registry.flows.registrar.create import CreateRegistrar, create_registrar  # noqa: E402
from registry.flows.runner import Runner  # noqa: E402
from registry.kernel import log, tls  # noqa: E402
from registry.kernel.clock import SystemClock  # noqa: E402
from registry.kernel.config import Config, load_config  # noqa: E402
from registry.kernel.db import Database  # noqa: E402
from registry.kernel.pg.cluster import Cluster  # noqa: E402
from registry.kernel.pg.migrate import migrate  # noqa: E402
from registry.model.contact import Postal  # noqa: E402
from registry.model.zone import Zone  # noqa: E402
from registry.store import tlds  # noqa: E402

ZONE = "zz--main-1234"
TABLE = "zh-2022-05-31-93149ffa"
REGISTRAR, PASSWORD = "bench-registrar", "bench-password-1"
CALLER = Caller("registrar", REGISTRAR)
HEADER = struct.Struct(">I")
POOL = 32  # connections to the database, of the server and of the floor
TICKS = os.sysconf("SC_CLK_TCK")
VERBS = ("check", "info", "poll", "update", "renew", "create")
READS = ("check", "info", "poll")
IN_PGBENCH = ("check", "info", "create")  # acts whose statements differ in the name only
FLOOR = "floor-zero"  # the label that the floor's statements are recorded with
# Commands a second of its EPP server; at 32 sessions 85 % of its creates failed.
NAMINGO = {("check", 1): 2464, ("info", 1): 971, ("update", 1): 1087, ("create", 1): 189, ("create", 32): 66}

LOAD = """
insert into domain (roid, name, u_label, tld, tld_set, table_id, index_label, registrar_id, registrant_id, created_at, created_by, expires_at)
select 'D' || nextval('roid_number') || '-CONAC', 'loaded-' || n || '.' || $1, 'loaded-' || n, $1, $1, $2, 'loaded-' || n, $3, 'bench-1',
       now(), $3, now() + interval '1 year' from generate_series(1, $4) n"""
BUNDLES = "insert into bundle_name select name, name, roid, 'registered' from domain"
HOSTS = "insert into domain_host select d.roid, h.roid from domain d cross join host h"


LOGIN = f"""<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><command><login><clID>{REGISTRAR}</clID><pw>{PASSWORD}</pw><options>
<version>1.0</version><lang>en</lang></options><svcs><objURI>urn:ietf:params:xml:ns:domain-1.0</objURI><svcExtension>
<extURI>urn:ietf:params:xml:ns:rgp-1.0</extURI><extURI>urn:ietf:params:xml:ns:secDNS-1.1</extURI></svcExtension></svcs></login>
</command></epp>"""
LINKS = """<d:ns><d:hostObj>ns1.bench.icann</d:hostObj><d:hostObj>ns2.bench.icann</d:hostObj></d:ns><d:registrant>bench-1</d:registrant>
<d:contact type="admin">bench-1</d:contact><d:authInfo><d:pw/></d:authInfo>"""
UNSET = "<d:chg><d:authInfo><d:null/></d:authInfo></d:chg>"
POLL = '<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><command><poll op="req"/><clTRID>bench-1</clTRID></command></epp>'
Direct = tuple[Callable[[Act, Any], Awaitable[object]], object]  # a flow and its order


def command(verb: str, name: str, rest: str = "") -> str:
    return (
        f'<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><command><{verb}><d:{verb} xmlns:d="urn:ietf:params:xml:ns:domain-1.0">'
        f"<d:name>{name}</d:name>{rest}</d:{verb}></{verb}><clTRID>bench-1</clTRID></command></epp>"
    )


@dataclass(frozen=True, slots=True)
class Plan:
    """The commands of one run: ``n`` is never used twice, ``worker`` is the session. Only ``names`` were loaded."""

    names: int
    expiry: date

    def some(self, n: int) -> str:
        """A loaded name, far from the one before it."""
        return f"loaded-{n * 7919 % self.names + 1}.{ZONE}"

    def document(self, verb: str, worker: int, n: int) -> str:
        """What goes over the wire."""
        if verb == "poll":
            return POLL
        if verb == "update":
            return command("update", f"loaded-{worker + 1}.{ZONE}", UNSET)
        if verb == "create":
            return command("create", f"bench-{n}.{ZONE}", f'<d:period unit="y">1</d:period>{LINKS}')
        if verb == "renew":
            return command("renew", f"loaded-{self.names - n}.{ZONE}", f"<d:curExpDate>{self.expiry}</d:curExpDate>")
        return command(verb, self.some(n))

    def direct(self, verb: str, worker: int, n: int) -> Direct:
        """The same act, from whose statements the floor is made."""
        if verb == "poll":
            return poll_request, PollRequest()
        if verb == "update":
            return update_domain, UpdateDomain(f"loaded-{worker + 1}.{ZONE}", auth="")
        if verb == "create":
            hosts, contacts = ("ns1.bench.icann", "ns2.bench.icann"), frozenset({("admin", "bench-1")})
            return create_domain, CreateDomain(f"{FLOOR}.{ZONE}", 1, hosts, "bench-1", contacts)
        if verb == "renew":
            return renew_domain, RenewDomain(f"loaded-{n}.{ZONE}", self.expiry)  # from the other end than the wire
        if verb == "info":
            return info_domain, InfoDomain(f"{FLOOR}.{ZONE}")
        return check_domains, CheckDomains((f"{FLOOR}.{ZONE}",))

    def label(self, verb: str, n: int) -> str:
        """What stands for :data:`FLOOR` in the floor's statements: a new name for a create, else a loaded one."""
        return f"floor-{n}" if verb == "create" else self.some(n).partition(".")[0]


async def prepare(config: Config, dsn: str, names: int, folder: Path) -> None:
    """Registrar, contact, two hosts, and the loaded names."""
    now = SystemClock().now()
    authority = tls.make_authority("bench", now)
    authority.write(folder / "ca.pem", folder / "ca.key")
    tls.issue(authority, "epp", now, server_names=("127.0.0.1",)).write(folder / "server.pem", folder / "server.key")
    client = tls.issue(authority, REGISTRAR, now)
    client.write(folder / "client.pem", folder / "client.key")
    db = await Database.open(dsn)

    async def build(act: Act) -> None:
        await tlds.add(act.conn, Zone(ZONE, ZONE, ZONE, TABLE, "none", act.now, idn_only=False))
        await create_registrar(act, CreateRegistrar(REGISTRAR, "bench", PASSWORD, 1))
        ends = client.certificate.not_valid_after_utc
        await bind_certificate(act, BindCertificate(REGISTRAR, tls.key_pin(client.certificate), REGISTRAR, ends))

    async def furnish(act: Act) -> None:
        await create_contact(
            act, CreateContact("bench-1", {"int": Postal("Bench", "Beijing", "CN")}, "bench@example.cn")
        )
        for host in ("ns1.bench.icann", "ns2.bench.icann"):
            await create_host(act, CreateHost(host))

    runner = Runner(db, SystemClock(), config)
    await runner.run(Caller("job", "bench"), build)
    await runner.run(CALLER, furnish)
    async with db.transaction() as conn:
        await conn.execute("set local statement_timeout = 0")
        await conn.execute("set local session_replication_role = replica")  # what is loaded refers to what is there
        await conn.execute(LOAD, ZONE, TABLE, REGISTRAR, names)
        await conn.execute(BUNDLES)
        await conn.execute(HOSTS)
    await db.execute("analyze")
    await db.execute("checkpoint")
    await db.close()


def serve(config: Config, dsn: str, ready: Barrier) -> None:
    """The server, in a process of its own, until it is terminated."""
    log.configure("epp", "warning")  # as in production the events are made; here nobody keeps them

    async def run() -> None:
        db = await Database.open(dsn, size=config.database.pool_size)
        server = EppServer(Runner(db, SystemClock(), config))
        await server.start()
        await asyncio.to_thread(ready.wait)
        await asyncio.Event().wait()

    uvloop.run(run())


@dataclass(slots=True)
class Session:
    """One TLS session."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def open(cls, port: int, context: ssl.SSLContext) -> "Session":
        """Connect and log in."""
        session = cls(*await asyncio.open_connection("127.0.0.1", port, ssl=context))
        await session.receive()
        await session.ask(LOGIN)
        return session

    async def receive(self) -> bytes:
        """The next document."""
        length = HEADER.unpack(await self.reader.readexactly(HEADER.size))[0]
        return await self.reader.readexactly(length - HEADER.size)

    async def ask(self, document: str) -> bytes:
        """Send, and wait for the answer, which must be a success."""
        body = document.encode()
        self.writer.write(HEADER.pack(len(body) + HEADER.size) + body)
        answer = await self.receive()
        if b'<result code="1' not in answer:
            raise AssertionError(answer.decode())
        return answer


def cpu_seconds(pid: int) -> float:
    """User and system time of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


async def drive(
    workers: int, seconds: float, one: Callable[[int, int], Awaitable[object]], numbers: Iterator[int]
) -> list[float]:
    """Call for so long with so many at once; the durations in seconds."""
    durations: list[float] = []
    ends = time.perf_counter() + seconds

    async def work(worker: int) -> None:
        while (began := time.perf_counter()) < ends:
            await one(worker, next(numbers))
            durations.append(time.perf_counter() - began)

    await asyncio.gather(*map(work, range(workers)))
    return durations


async def measure(config: Config, dsn: str, pids: list[int], options: argparse.Namespace, folder: Path) -> None:
    context = ssl.create_default_context(cafile=folder / "ca.pem")
    context.load_cert_chain(folder / "client.pem", folder / "client.key")
    db = await Database.open(dsn, size=config.database.pool_size)
    runner = Runner(db, SystemClock(), config)
    plan = Plan(options.names, await db.fetchval("select (expires_at at time zone 'UTC')::date from domain limit 1"))
    numbers = {verb: count(1) for verb in VERBS}
    await measure_idle(config, pids, options.idle, context)
    create_floor = await Floor.of(runner, plan, "create", 1)  # first: info and check want its name to be there
    for workers in options.sessions:
        sessions = [await Session.open(config.port("epp"), context) for _ in range(workers)]
        for verb in options.verbs:

            async def wired(worker: int, n: int, verb: str = verb, sessions: list[Session] = sessions) -> None:
                await sessions[worker].ask(plan.document(verb, worker, n))

            before = sum(map(cpu_seconds, pids))
            durations = await drive(workers, options.seconds, wired, numbers[verb])
            cpu = sum(map(cpu_seconds, pids)) - before
            floor = create_floor if verb == "create" else await Floor.of(runner, plan, verb, workers)
            rate = await floor.rate(db, workers, options.seconds, numbers[verb])
            report(f"epp.{verb}.{workers}", durations, cpu, options.seconds, rate)
            ours = len(durations) / options.seconds
            if verb in IN_PGBENCH:
                label = "floor-:client_id-:n" if verb == "create" else "loaded-:client_id"
                script = floor.statements[0].script(label)
                tps = await asyncio.to_thread(run_pgbench, dsn, script, workers, options.seconds, folder)
                compare(f"epp.{verb}.{workers}", ours, "the same statements by pgbench", tps)
            if peer := NAMINGO.get((verb, workers)):
                compare(f"epp.{verb}.{workers}", ours, "Namingo, measured elsewhere", peer)
        for session in sessions:
            session.writer.transport.abort()
    await db.close()


@dataclass(frozen=True, slots=True)
class Floor:
    """The statements of a verb; for update and renew those of each worker's own domain."""

    plan: Plan
    verb: str
    statements: tuple[Statements, ...]

    @classmethod
    async def of(cls, runner: Runner, plan: Plan, verb: str, workers: int) -> "Floor":
        """Carry the act out once, or once a worker, and keep what it sent."""
        made = []
        for worker in range(workers if verb in ("update", "renew") else 1):
            flow, order = plan.direct(verb, worker, workers * 100 + worker)  # a renewal uses its name up
            act = partial(_called, flow, order)
            made.append(await record(runner, CALLER, act, FLOOR, is_transaction=verb not in READS))
        return cls(plan, verb, tuple(made))

    async def rate(self, db: Database, workers: int, seconds: float, numbers: Iterator[int]) -> float:
        """How often a second they can be sent, with a connection for each worker, at most as many as the server has."""
        connections = min(workers, POOL)
        async with AsyncExitStack() as stack:
            conns = [await stack.enter_async_context(db.connection()) for _ in range(connections)]

            async def one(worker: int, n: int) -> None:
                statements = self.statements[worker % len(self.statements)]
                await statements.send(conns[worker], self.plan.label(self.verb, n))

            return len(await drive(connections, seconds, one, numbers)) / seconds


async def _called(flow: Callable[[Act, Any], Awaitable[object]], order: object, act: Act) -> None:
    await flow(act, order)


def compare(name: str, rate: float, peer: str, value: float) -> None:
    line = {"bench": name, "value": round(rate, 1), "unit": "commands/s", "peer": peer}
    print(json.dumps(line | {"peer_value": round(value, 1), "ratio": round(rate / value, 2)}), flush=True)


async def measure_idle(config: Config, pids: list[int], number: int, context: ssl.SSLContext) -> None:
    """What an idle session holds in memory, when so many are open."""
    before = sum(map(resident_kib, pids))
    sessions = [await Session.open(config.port("epp"), context) for _ in range(number)]
    grown = (sum(map(resident_kib, pids)) - before) / number
    line = {
        "bench": "epp.idle_session",
        "value": round(grown, 1),
        "unit": "KiB",
        "peer": "bar: 2,000 in 400 MB",
        "peer_value": 204.8,
    }
    print(json.dumps(line | {"ratio": round(grown / 204.8, 2)}), flush=True)
    for session in sessions:
        session.writer.transport.abort()
    await asyncio.sleep(1)


def resident_kib(pid: int) -> int:
    """The memory that a process has in use."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0])


def report(name: str, durations: list[float], cpu: float, seconds: float, floor: float) -> None:
    done, ordered = len(durations), sorted(durations)
    line = {
        "bench": name,
        "value": round(done / seconds, 1),
        "unit": "commands/s",
        "p50_ms": round(statistics.median(ordered) * 1000, 2),
        "p99_ms": round(ordered[int(done * 0.99)] * 1000, 2),
        "cpu_s_per_1000": round(cpu / done * 1000, 3),
        "load_average": round(os.getloadavg()[0], 1),
        "peer": "the same statements through asyncpg",
        "peer_value": round(floor, 1),
        "ratio": round(done / seconds / floor, 2),
    }
    print(json.dumps(line), flush=True)


@contextmanager
def servers(config: Config, dsn: str, workers: int) -> Iterator[list[int]]:
    """So many server processes on one port; their process ids."""
    spawn = multiprocessing.get_context("spawn")
    ready = spawn.Barrier(workers + 1)
    processes = [spawn.Process(target=serve, args=(config, dsn, ready), daemon=True) for _ in range(workers)]
    for process in processes:
        process.start()
    ready.wait(60)
    try:
        yield [process.pid for process in processes if process.pid]
    finally:
        for process in processes:
            process.terminate()
            process.join()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="a million domains; 1, 8, 32 and 128 sessions; 5 s each")
    parser.add_argument("--names", type=int)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--sessions", type=int, nargs="+")
    parser.add_argument("--verbs", nargs="+", default=list(VERBS), choices=VERBS)
    parser.add_argument("--idle", type=int, default=200, help="idle sessions whose memory is measured")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--port-base", type=int, default=18700)
    options = parser.parse_args()
    options.names = options.names or (1_000_000 if options.full else 50_000)
    options.seconds = options.seconds or (5 if options.full else 2)
    options.sessions = options.sessions or ([1, 8, 32, 128] if options.full else [1, 32])
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        folder.chmod(0o755)  # the database may run under another account
        config = load_config(data=folder / "data", port_base=options.port_base)
        server, authority = folder / "server.pem", folder / "ca.pem"
        epp = replace(
            config.epp,
            certificate_file=str(server),
            key_file=str(server.with_suffix(".key")),
            client_ca_file=str(authority),
        )
        config = replace(config, epp=epp, database=replace(config.database, pool_size=POOL))
        with Cluster(config) as cluster:
            asyncio.run(migrate(cluster.dsn))
            asyncio.run(prepare(config, cluster.dsn, options.names, folder))
            with servers(config, cluster.dsn, options.workers) as pids:
                uvloop.run(measure(config, cluster.dsn, pids, options, folder))


if __name__ == "__main__":
    main()
