"""The DNS service: the zones in memory, and the doors through which they are asked.

It is ready when the zones are loaded and every door is bound. After that the database may go away: answers go on from memory, and
what was committed meanwhile is caught up when it is back.
"""

import asyncio
import contextlib
import gc

from registry.kernel.db import GONE
from registry.kernel.errors import Refusal
from registry.kernel.metrics import counter, gauge
from registry.kernel.service import Parts
from resolver.chain.responder import count_answers
from resolver.following.follower import Follower
from resolver.statistics.ledger import WRITE_SECONDS, Ledger
from resolver.statistics.tap import FileTap
from resolver.transport.doors import Doors, Figures, identity
from resolver.transport.fellows import Fellows
from resolver.zone.records import CDNSKEY, CDS, DNSKEY, to_text
from resolver.zone.zone import Zone

TELL_SECONDS = 1.0  # how stale the figures on the metrics page may be
SERIAL = gauge("dns_zone_serial", "SOA serial of each zone.", "zone")
NAMES = gauge("dns_zone_delegations", "Delegated names of each zone.", "zone")
LIMITED = counter("dns_limited", "Answers over UDP that were not given as they are, for their rate.", "outcome")


class DnsService:
    """See ``registry.kernel.service.Service``."""

    name = "dns"

    def __init__(self, parts: Parts) -> None:
        self._config, self._clock = parts.config, parts.clock
        self.follower = Follower(parts.config, parts.db, parts.clock)
        dns = parts.config.dns
        self._tap = FileTap(dns.dnstap, identity(dns), parts.clock) if dns.dnstap else None
        self._fellows = Fellows(parts.config, self.follower.zones, parts.clock, self._hear)
        self.follower.listeners.append(self._fellows.apply)
        self._doors: Doors | None = None
        self._ledger = Ledger(parts.db)
        self._shape: list[object] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._is_bound = False

    async def start(self) -> None:
        """Load the zones, then open the doors: nobody is told that a name does not exist because we had not looked yet."""
        self._tasks = [asyncio.create_task(self.follower.run())]
        loaded = asyncio.create_task(self.follower.loaded.wait())
        await asyncio.wait([loaded, self._tasks[0]], return_when=asyncio.FIRST_COMPLETED)
        loaded.cancel()
        if self._tasks[0].done():
            await self._tasks[0]  # it never returns, so this raises what went wrong
        gc.collect()
        gc.freeze()  # a collection would walk a million names, and answers would wait for it
        if self._tap:
            await self._tap.open()
        self._doors = Doors(
            self._config, self.follower.zones, self._clock.now(), tap=self._tap.see if self._tap else None
        )
        self._shape = self._present_shape()
        await self._fellows.open()
        await self._doors.open()
        self._tasks += [asyncio.create_task(self._tell()), asyncio.create_task(self._write())]
        self._is_bound = True

    def ready(self) -> bool:
        """Whether zones are loaded, doors bound, and changes followed."""
        return self._is_bound and not self._tasks[0].done()

    async def drain(self) -> None:
        """Answers take microseconds, so nothing is under way: stop taking new questions."""
        self._is_bound = False
        await self._fellows.close()
        if self._doors:
            await self._doors.close()

    async def close(self) -> None:
        """Stop following; write down what was counted."""
        for task in self._tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        if self._doors:
            self._hear(self._doors.last_figures())
            with contextlib.suppress(Refusal, *GONE):
                await self._ledger.write(self._clock.now())
        if self._tap:
            await self._tap.close()

    def _hear(self, figures: Figures) -> None:
        """Take over the figures of a process, ours or a fellow's."""
        for transport, counts in figures.answers.items():
            count_answers(transport, counts)
        LIMITED.labels("dropped").inc(figures.dropped)
        LIMITED.labels("slipped").inc(figures.slipped)
        self._ledger.add(figures.counts)
        self._ledger.add(figures.names)

    async def _write(self) -> None:
        """Once a minute: what was counted to its table. While the database is away it waits."""
        while True:
            await asyncio.sleep(WRITE_SECONDS)
            with contextlib.suppress(Refusal, *GONE):
                await self._ledger.write(self._clock.now())

    async def _tell(self) -> None:
        """Once a second: figures to the metrics, the time to the signatures."""
        while True:
            await asyncio.sleep(TELL_SECONDS)
            if self._doors:
                self._hear(self._doors.tick(self._clock.now()))
            now = self._clock.now()
            for zone in self.follower.zones.values():
                if zone.signing:
                    zone.signing.advance(now)
                SERIAL.labels(to_text(zone.origin)).set(zone.serial)
                NAMES.labels(to_text(zone.origin)).set(len(zone.entries))
            self._fellows.tell_time()
            shape = self._present_shape()
            if shape != self._shape:
                self._shape = shape
                await self._fellows.renew()

    def _present_shape(self) -> list[object]:
        """What fellows must be forked anew for: everything about the zones but their delegations."""
        return [part for _, zone in sorted(self.follower.zones.items()) for part in _shape_of(zone)]


def _shape_of(zone: Zone) -> list[object]:
    apex = zone.fixed[zone.origin]
    return [zone, zone.signing, *(apex.get(kind) for kind in (DNSKEY, CDS, CDNSKEY))]


def create(parts: Parts) -> DnsService:
    """The service that ``zhengming serve dns`` runs."""
    return DnsService(parts)
