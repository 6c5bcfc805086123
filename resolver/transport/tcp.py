"""DNS over TCP (RFC 7766) and, with a TLS context, over TLS (RFC 7858).

A connection may carry many queries, also before the first is answered; answers leave in order. One that sends no
whole message for ``idle`` seconds, or does not take its answers for as long, is closed. When all places are taken, a new connection is
closed at once: those who are here are served.
"""

import asyncio
import ssl
from itertools import count

from registry.kernel import metrics
from resolver.chain.responder import Responder

LENGTH_OCTETS = 2  # RFC 1035 section 4.2.2
TLS_HANDSHAKE_SECONDS = 5.0
BACKLOG = 512
ANSWERS_IN_A_ROW = 16  # for one connection; a few milliseconds at most, then the others have their turn
OPEN = metrics.gauge("dns_connections", "Open connections of the DNS doors.", "transport")


class TcpDoor:
    """Listens at one address."""

    def __init__(
        self,
        responder: Responder,
        address: str,
        port: int,
        *,
        idle: float,
        places: int,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._responder = responder
        self._where = (address, port)
        self._idle, self._places, self._tls = idle, places, tls
        self._open = OPEN.labels("tls" if tls else "tcp")
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Bind and begin to answer."""
        handshake = TLS_HANDSHAKE_SECONDS if self._tls else None
        self._server = await asyncio.start_server(
            self._welcome,
            *self._where,
            backlog=BACKLOG,
            reuse_port=True,
            ssl=self._tls,
            ssl_handshake_timeout=handshake,
        )

    async def close(self) -> None:
        """Take no new connections and end the open ones."""
        if self._server:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or len(self._tasks) >= self._places:
            writer.close()
            return
        self._tasks.add(task)
        self._open.inc()
        try:
            await self._serve(reader, writer)
        except (TimeoutError, OSError, EOFError, asyncio.CancelledError):
            pass  # gone, silent for too long, or told to stop: all of them end the connection and nothing else
        finally:
            self._tasks.discard(task)
            self._open.dec()
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for number in count(1):
            if number % ANSWERS_IN_A_ROW == 0:
                await asyncio.sleep(0)  # reading what is already here does not wait, so others would
            async with asyncio.timeout(self._idle):
                size = int.from_bytes(await reader.readexactly(LENGTH_OCTETS), "big")
                packet = await reader.readexactly(size)
            said = self._responder.answer(packet)
            if said is None:
                return  # what must not be answered does not come from a resolver
            writer.write(len(said).to_bytes(LENGTH_OCTETS, "big") + said)
            async with asyncio.timeout(self._idle):
                await writer.drain()
