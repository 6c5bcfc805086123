"""DNS over TCP (RFC 7766) and, with a TLS context, over TLS (RFC 7858); on a Unix socket for the web pages' DNS over HTTPS.

A connection may carry many queries, also before the first is answered; answers leave in order. One that sends no
whole message for ``idle`` seconds, or does not take its answers for as long, is closed.

A flood of connections must not keep others out. One network (/24, /56) may hold an eighth of the places. When all are
taken, a new connection gets the place of the one that has been without a whole message for longest, so connections that dawdle make
room for those that ask; only when all asked within the last second is the new one closed.
"""

import asyncio
import ssl
from collections import Counter
from dataclasses import dataclass
from ipaddress import ip_address
from itertools import count
from weakref import WeakSet

from registry.kernel import metrics
from resolver.chain.limiting import Network, network_of
from resolver.chain.responder import Responder

LENGTH_OCTETS = 2  # RFC 1035 section 4.2.2
TLS_HANDSHAKE_SECONDS = 5.0
BACKLOG = 512
ANSWERS_IN_A_ROW = 16  # for one connection; a few milliseconds at most, then the others have their turn
NETWORKS_SHARE = 8  # one network may hold one place in so many
BUSY_SECONDS = 1.0  # a connection that asked within this keeps its place whoever comes
OPEN = metrics.gauge("dns_connections", "Open connections of the DNS doors.", "transport")
TURNED_AWAY = metrics.counter(
    "dns_connections_turned_away", "Connections closed for want of places.", "transport", "reason"
)


@dataclass(eq=False, slots=True)
class _Connection:
    """``last`` is when its last whole message came (or it opened), on the loop's clock."""

    task: asyncio.Task[None]
    client: bytes
    last: float


@dataclass(frozen=True, slots=True)
class Places:
    """``idle`` seconds without a message, ``number`` of connections, and the networks that may hold any share of them."""

    idle: float
    number: int
    exempt: tuple[Network, ...] = ()


class TcpDoor:
    """Listens at an address and port, or with port 0 at the path of a Unix socket."""

    def __init__(
        self, responder: Responder, address: str, port: int, places: Places, tls: ssl.SSLContext | None = None
    ) -> None:
        self._responder = responder
        self._where = (address, port)
        self._places, self._tls = places, tls
        self._open = OPEN.labels(responder.transport)
        self._connections: dict[_Connection, None] = {}  # the one that has been silent for longest is first
        self._networks: Counter[bytes] = Counter()
        self._leaving: WeakSet[asyncio.WriteTransport] = WeakSet()
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Bind and begin to answer."""
        address, port = self._where
        if not port:
            self._server = await asyncio.start_unix_server(self._welcome, address, backlog=BACKLOG)
            return
        handshake = TLS_HANDSHAKE_SECONDS if self._tls else None
        self._server = await asyncio.start_server(
            self._welcome,
            address,
            port,
            backlog=BACKLOG,
            reuse_port=True,
            ssl=self._tls,
            ssl_handshake_timeout=handshake,
        )

    async def close(self) -> None:
        """Take no new connections and end the open ones."""
        if self._server:
            self._server.close()
        tasks = [each.task for each in self._connections]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for transport in self._leaving:
            transport.abort()  # those whose other end takes its time to say good-bye

    async def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task, client = asyncio.current_task(), _client(writer)
        if task is None or not self._has_place(client):
            writer.close()
            return
        connection = _Connection(task, client, asyncio.get_running_loop().time())
        self._connections[connection] = None
        self._networks[network_of(client)] += 1
        self._open.inc()
        try:
            await self._serve(connection, reader, writer)
        except (TimeoutError, OSError, EOFError, asyncio.CancelledError):
            pass  # gone, silent for too long, or told to go: all of them end the connection and nothing else
        finally:
            self._leave(connection)
            self._leaving.add(writer.transport)
            writer.close()

    def _leave(self, connection: _Connection) -> None:
        self._connections.pop(connection, None)
        network = network_of(connection.client)
        self._networks[network] -= 1
        if not self._networks[network]:
            del self._networks[network]
        self._open.dec()

    def _has_place(self, client: bytes) -> bool:
        """Whether a new connection of ``client`` may stay; makes room when that is fair."""
        share = max(1, self._places.number // NETWORKS_SHARE)
        if self._networks[network_of(client)] >= share and not self._is_exempt(client):
            TURNED_AWAY.labels(self._responder.transport, "network").inc()
            return False
        if len(self._connections) < self._places.number:
            return True
        oldest = next(iter(self._connections))
        if asyncio.get_running_loop().time() - oldest.last < BUSY_SECONDS:
            TURNED_AWAY.labels(self._responder.transport, "full").inc()
            return False
        TURNED_AWAY.labels(self._responder.transport, "silent").inc()
        del self._connections[oldest]
        oldest.task.cancel()
        return True

    def _is_exempt(self, client: bytes) -> bool:
        return not client or any(ip_address(client) in network for network in self._places.exempt)

    async def _serve(self, connection: _Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        loop, idle = asyncio.get_running_loop(), self._places.idle
        for number in count(1):
            if number % ANSWERS_IN_A_ROW == 0:
                await asyncio.sleep(0)  # reading what is already here does not wait, so others would
            async with asyncio.timeout(idle):
                size = int.from_bytes(await reader.readexactly(LENGTH_OCTETS), "big")
                packet = await reader.readexactly(size)
            connection.last = loop.time()
            self._connections.pop(connection, None)
            self._connections[connection] = None
            said = self._responder.answer(packet, connection.client)
            if said is None:
                return  # what must not be answered does not come from a resolver
            writer.write(len(said).to_bytes(LENGTH_OCTETS, "big") + said)
            async with asyncio.timeout(idle):
                await writer.drain()


def _client(writer: asyncio.StreamWriter) -> bytes:
    """The octets of the address at the other end; empty over a Unix socket."""
    peer = writer.get_extra_info("peername")
    return ip_address(peer[0].partition("%")[0]).packed if isinstance(peer, tuple) else b""
