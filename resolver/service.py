"""The DNS service: the zones in memory, and the doors through which they are asked.

It is ready when the zones are loaded and every door is bound. After that the database may go away: answers go on from memory, and
what was committed meanwhile is caught up when it is back.
"""

import asyncio
import contextlib

from registry.kernel.config import Config
from registry.kernel.log import get_logger
from registry.kernel.metrics import gauge
from registry.kernel.service import Parts
from registry.kernel.tls import server_context
from resolver.chain.responder import Responder
from resolver.following.follower import Follower
from resolver.transport.tcp import TcpDoor
from resolver.transport.udp import UdpDoor
from resolver.zone.records import to_text

TELL_SECONDS = 1.0  # how stale the figures on the metrics page may be
SERIAL = gauge("dns_zone_serial", "SOA serial of each zone.", "zone")
NAMES = gauge("dns_zone_delegations", "Delegated names of each zone.", "zone")


class DnsService:
    """See ``registry.kernel.service.Service``."""

    name = "dns"

    def __init__(self, parts: Parts) -> None:
        config, self._clock = parts.config, parts.clock
        self.follower = Follower(config, parts.db, parts.clock)
        self._responders = {each: Responder(self.follower.zones, each) for each in ("udp", "tcp", "tls")}
        self._udp = UdpDoor(self._responders["udp"], config.address, config.port("dns"))
        self._tcp = _tcp_doors(config, self._responders)
        self._tasks: list[asyncio.Task[None]] = []
        self._is_bound = False

    async def start(self) -> None:
        """Load the zones, then open the doors: nobody is told that a name does not exist because we had not looked yet."""
        self._tasks = [asyncio.create_task(self.follower.run()), asyncio.create_task(self._tell())]
        loaded = asyncio.create_task(self.follower.loaded.wait())
        await asyncio.wait([loaded, self._tasks[0]], return_when=asyncio.FIRST_COMPLETED)
        loaded.cancel()
        if self._tasks[0].done():
            await self._tasks[0]  # it never returns, so this raises what went wrong
        self._udp.open()
        for door in self._tcp:
            await door.open()
        self._is_bound = True

    def ready(self) -> bool:
        """Whether zones are loaded, doors bound, and changes followed."""
        return self._is_bound and not self._tasks[0].done()

    async def drain(self) -> None:
        """Answers take microseconds, so nothing is under way: stop taking new questions."""
        self._is_bound = False
        self._udp.close()
        for door in self._tcp:
            await door.close()

    async def close(self) -> None:
        """Stop following."""
        for task in self._tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _tell(self) -> None:
        """Once a second: figures to the metrics, the time to the signatures."""
        while True:
            await asyncio.sleep(TELL_SECONDS)
            for responder in self._responders.values():
                responder.tell()
            now = self._clock.now()
            for zone in self.follower.zones.values():
                if zone.signing:
                    zone.signing.advance(now)
                SERIAL.labels(to_text(zone.origin)).set(zone.serial)
                NAMES.labels(to_text(zone.origin)).set(len(zone.entries))


def create(parts: Parts) -> DnsService:
    """The service that ``zhengming serve dns`` runs."""
    return DnsService(parts)


def _tcp_doors(config: Config, responders: dict[str, Responder]) -> list[TcpDoor]:
    """DNS over TCP always; DNS over TLS when there is a server certificate."""
    idle, places = config.dns.tcp_idle_seconds, config.dns.max_tcp_connections
    doors = [TcpDoor(responders["tcp"], config.address, config.port("dns"), idle=idle, places=places)]
    certificate, key = config.secret("server.pem"), config.secret("server.key")
    if certificate.exists() and key.exists():
        tls = server_context(certificate, key)
        tls.set_alpn_protocols(["dot"])  # RFC 7858 section 3.1; IANA's ALPN registry
        doors.append(TcpDoor(responders["tls"], config.address, config.port("dot"), idle=idle, places=places, tls=tls))
    else:
        get_logger().info("no DNS over TLS: no server certificate", wanted=str(certificate))
    return doors
