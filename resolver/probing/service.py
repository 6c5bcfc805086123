"""The service ``probe``: looks at name servers, those that registrants name and our own, and writes down what it finds.

Three tasks side by side. Checks that somebody asked for through ``published.delegation_check`` are done as they come. Every
minute each of our own name servers is asked over each transport and compared with what is published. And all delegations are walked
in the order of their names, for what their zones want at their parent. It is a process of its own: what strangers' servers send
is read here, and not where questions are answered.
"""

import asyncio
import contextlib
import ipaddress
from collections.abc import Awaitable, Callable
from datetime import timedelta

from registry.kernel.config import Config
from registry.kernel.db import GONE
from registry.kernel.errors import Refusal
from registry.kernel.log import get_logger
from registry.kernel.metrics import counter, gauge
from registry.kernel.service import Parts
from resolver.probing import own
from resolver.probing.checking import as_json, check, network_asker
from resolver.probing.finding import Severity
from resolver.probing.own import Door, Expected
from resolver.probing.proposals import kept, registered_after, registered_some
from resolver.probing.scanning import look, wish_text

ASK_SECONDS = 1.0  # how long somebody waits for his check to begin
CHECKS_AT_ONCE = 8
CHECK_WITHIN = timedelta(hours=1)  # what nobody did by then, nobody waits for
KEEP_RESULTS = timedelta(days=90)
BATCH = 50  # delegations a step of the walk
SCAN_AT_ONCE = 10
WALK_SECONDS = 86400.0  # all delegations once a day
REST_SECONDS = 60.0  # after a walk, before the next may begin
SAMPLES = 3  # delegations that are compared at every door, others each time
DNS_PORT, DOT_PORT = 53, 853

FAULTY = gauge("probe_faulty_doors", "Doors of our own name servers with something at fault.", "zone")
CHECKED = counter("probe_checks", "Delegations that were checked.", "outcome")
SCANNED = counter("probe_scans", "Delegations whose wish for DS was looked for.", "state")

_DUE = """
select id, name, servers, signers from published.delegation_check
where done_at is null and asked_at > $1 order by asked_at limit $2"""
_DONE = """
insert into resolver.delegation_result (check_id, done_at, findings) values ($1, $2, $3) on conflict do nothing"""
_FORGET = "delete from resolver.delegation_result where done_at < $1"
_ZONES = "select t.name, s.serial from published.tld t join resolver.serial s on s.zone = t.name order by t.name"
_PIVOT = """
select owner from published.delegation where zone = $1 and cardinality(servers) > 0
  and hashtext(owner) >= $2 order by hashtext(owner) limit $3"""
_WATCHED = """
insert into resolver.answer_watch as w (zone, server, address, transport, checked_at, serial, millis, findings, faulty_since)
values ($1, $2, $3, $4, $5, $6, $7, $8, case when $9 then $5::timestamptz end)
on conflict (zone, server, address, transport) do update set checked_at = excluded.checked_at, serial = excluded.serial,
    millis = excluded.millis, findings = excluded.findings,
    faulty_since = case when excluded.faulty_since is null then null else coalesce(w.faulty_since, excluded.faulty_since) end"""
_FORGET_DOORS = "delete from resolver.answer_watch where checked_at < $1"
_WISH = """
insert into resolver.child_keys as k (name, state, basis, signers, findings, since, checked_at) values ($1, $2, $3, $4, $5, $6, $6)
on conflict (name) do update set
    since = case when (k.state, k.basis, k.signers) = (excluded.state, excluded.basis, excluded.signers) then k.since else excluded.since end,
    state = excluded.state, basis = excluded.basis, signers = excluded.signers, findings = excluded.findings,
    checked_at = excluded.checked_at"""
_NO_WISH = "delete from resolver.child_keys where name = $1"


class Probe:
    """See ``registry.kernel.service.Service``."""

    name = "probe"

    def __init__(self, parts: Parts) -> None:
        self._config, self._db, self._clock = parts.config, parts.db, parts.clock
        self._asker = network_asker(parts.config)
        self._tasks: list[asyncio.Task[None]] = []
        self._turn = 0

    async def start(self) -> None:
        """Begin all three."""
        probe = self._config.probe
        rounds = [(self.do_checks, ASK_SECONDS), (self.watch_ourselves, probe.watch_seconds)]
        rounds += [(self.walk, REST_SECONDS)] if probe.child_keys else []
        self._tasks = [asyncio.create_task(self._keep(*each)) for each in rounds]

    def ready(self) -> bool:
        """Whether every task still runs."""
        return bool(self._tasks) and not any(task.done() for task in self._tasks)

    async def drain(self) -> None:
        """Nothing of ours must be finished: what was not written is done again."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def close(self) -> None:
        """Let go."""
        self._tasks = []

    async def _keep(self, act: Callable[[], Awaitable[object]], seconds: float) -> None:
        while True:
            with contextlib.suppress(Refusal, *GONE):  # the database is away: the next round makes it up
                await act()
            await self._clock.sleep(seconds)

    # ------------------------------------------------------------------ checks that somebody asked for

    async def do_checks(self) -> int:
        """What is due, side by side; how many were done."""
        now = self._clock.now()
        rows = await self._db.fetch(_DUE, now - CHECK_WITHIN, CHECKS_AT_ONCE)
        await asyncio.gather(*(self._check(*row) for row in rows))
        await self._db.execute(_FORGET, now - KEEP_RESULTS)
        return len(rows)

    async def _check(self, number: str, name: str, servers: list[dict[str, object]], signers: list[str]) -> None:
        checked = await check(kept(name, servers, signers), self._asker, self._clock)
        CHECKED.labels("faulty" if checked.has_errors else "fine").inc()
        await self._db.execute(_DONE, number, self._clock.now(), as_json(checked.findings))

    # ------------------------------------------------------------------ our own name servers

    async def watch_ourselves(self) -> int:
        """Every door once; how many have something at fault."""
        self._turn += 1
        faulty = 0
        for zone, serial in await self._db.fetch(_ZONES):
            expected = await self._expected(zone, serial)
            looks = await asyncio.gather(*(self._watch(door, expected) for door in doors(self._config)))
            FAULTY.labels(zone).set(sum(looks))
            faulty += sum(looks)
        await self._db.execute(_FORGET_DOORS, self._clock.now() - timedelta(days=1))
        return faulty

    async def _expected(self, zone: str, serial: int) -> Expected:
        place = (self._turn * 2654435761) % (1 << 32) - (1 << 31)  # Knuth's multiplier: other names every time
        names = [row["owner"] for row in await self._db.fetch(_PIVOT, zone, place, SAMPLES)]
        samples = await registered_some(self._db, names)
        return Expected(zone, serial, frozenset(self._config.dns.name_servers), tuple(samples))

    async def _watch(self, door: Door, expected: Expected) -> bool:
        seen = await own.ask_door(door, expected)
        now = self._clock.now()
        findings = own.judge(expected, seen, now)
        is_faulty = any(each.severity is Severity.ERROR for each in findings)
        if is_faulty:
            told = [f"{each.code}: {each.text.en}" for each in findings]
            get_logger().warning(
                "a name server of ours is at fault",
                zone=expected.zone,
                door=f"{door.transport}:{door.address}",
                found=told,
            )
        values = (
            expected.zone,
            door.server,
            door.address,
            door.transport,
            now,
            own.serial_of(seen, expected.zone),
            seen.millis,
        )
        await self._db.execute(_WATCHED, *values, as_json(findings), is_faulty)
        return is_faulty

    # ------------------------------------------------------------------ what the zones below want

    async def walk(self) -> int:
        """All delegations, spread over a day; how many wishes were found. Few are done at once, a big register takes longer than a day."""
        name, wishes = "", 0
        while batch := await registered_after(self._db, name, BATCH):
            for first in range(0, len(batch), SCAN_AT_ONCE):
                found = await asyncio.gather(*(self.scan(each.zone) for each in batch[first : first + SCAN_AT_ONCE]))
                wishes += sum(found)
            name = batch[-1].zone
        return wishes

    async def scan(self, zone: str) -> bool:
        """One delegation, as it is registered now; whether it has a wish."""
        proposals = await registered_some(self._db, [zone])
        if not proposals:
            return False
        resolver = next(iter(self._config.probe.resolvers), "")
        now = self._clock.now()
        wish = await look(proposals[0], self._asker, resolver, now)
        SCANNED.labels(wish.state if wish else "none").inc()
        if wish is None:
            await self._db.execute(_NO_WISH, zone)
        else:
            await self._db.execute(_WISH, zone, wish.state, wish.basis, wish_text(wish), as_json(wish.findings), now)
        return wish is not None


def doors(config: Config) -> list[Door]:
    """Every way to ask our name servers: where they are published, or at our own doors when that is on this machine."""
    found = []
    has_tls = config.secret("server.pem").exists()
    for server, addresses in sorted(config.dns.name_servers.items()):
        for address in addresses:
            is_here = ipaddress.ip_address(address).is_loopback or address == config.address
            port = config.port("dns") if is_here else DNS_PORT
            found += [Door(server, address, port, "udp"), Door(server, address, port, "tcp")]
            if has_tls:
                found.append(Door(server, address, config.port("dot") if is_here else DOT_PORT, "tls"))
    host = min(config.dns.name_servers, default="")
    found.append(Door(host, config.address, config.port("web"), "https", f"{config.public_url}/dns-query"))
    return found


def create(parts: Parts) -> Probe:
    """The service that ``zhengming serve probe`` runs."""
    return Probe(parts)
