"""A copy of every message for a dnstap reader: a file, or a Unix socket when somebody listens at that path.

It holds addresses of clients, so it is off unless the operator names a path. Messages are kept in memory for a moment and written
together; when the reader is slower than the questions come, what is over :data:`MAX_WAITING` is lost and counted, and answering goes on.
"""

import asyncio
import contextlib
import stat
from pathlib import Path
from typing import BinaryIO

from registry.kernel import metrics
from registry.kernel.clock import Clock
from registry.kernel.log import get_logger
from resolver.statistics import frames
from resolver.statistics.dnstap import CONTENT_TYPE, Seen, encode

FLUSH_SECONDS = 0.2
MAX_WAITING = 16 << 20  # octets: a fifth of a second at the rate of one process, many times over
HANDSHAKE_SECONDS = 5.0
AGAIN_SECONDS = 5.0  # until a reader that went away is looked for again
VERSION = b"zhengming"
LOST = metrics.counter("dns_tap_lost", "Messages that the dnstap reader was too slow for.", "service")


class FileTap:
    """Writes to ``path``, or beside it when the process is the ``number``-th fellow; ``identity`` is what the server calls itself."""

    def __init__(self, path: str, identity: bytes, clock: Clock, number: int = 0) -> None:
        self._path, self._identity, self._clock, self._number = Path(path), identity, clock, number
        self._waiting: list[bytes] = []
        self._octets = 0
        self._lost = LOST.labels("dns")
        self._file: BinaryIO | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Begin; a reader that is not there yet is looked for again and again."""
        await self._begin()
        self._task = asyncio.create_task(self._flush_often())

    def see(self, query: bytes, answer: bytes | None, client: bytes, transport: str) -> None:
        """Take a copy of a message."""
        if self._octets > MAX_WAITING:
            self._lost.inc()
            return
        made = frames.frame(encode(Seen(query, answer, client, transport, self._clock.now()), self._identity, VERSION))
        self._waiting.append(made)
        self._octets += len(made)

    async def close(self) -> None:
        """Write what is left, and the end of the stream."""
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        with contextlib.suppress(OSError):
            await self._flush()
            await self._write(frames.control(frames.STOP))
        if self._file:
            self._file.close()
        if self._writer:
            self._writer.close()

    async def _begin(self) -> None:
        try:
            if self._path.exists() and stat.S_ISSOCK(self._path.stat().st_mode):
                await self._connect()
            else:
                path = self._path.with_name(f"{self._path.name}.{self._number}") if self._number else self._path
                self._file = path.open("wb", buffering=0)  # a local file: no slower than memory
            await self._write(frames.control(frames.START, CONTENT_TYPE))
        except (OSError, TimeoutError, EOFError) as error:
            self._let_go()
            get_logger().warning("dnstap cannot be written", path=str(self._path), error=str(error))

    async def _connect(self) -> None:
        """The handshake of the two-way form: READY, and the reader's ACCEPT."""
        async with asyncio.timeout(HANDSHAKE_SECONDS):
            reader, self._writer = await asyncio.open_unix_connection(str(self._path))
            self._writer.write(frames.control(frames.READY, CONTENT_TYPE))
            head = await reader.readexactly(2 * len(frames.ESCAPE))
            size = int.from_bytes(head[len(frames.ESCAPE) :], "big")
            content = await reader.readexactly(min(size, frames.MAX_CONTROL_OCTETS))
        if not head.startswith(frames.ESCAPE) or frames.kind_of(content) != frames.ACCEPT:
            raise OSError("the reader does not accept dnstap")

    async def _flush_often(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            if not self._file and not self._writer:
                await asyncio.sleep(AGAIN_SECONDS)
                await self._begin()
                continue
            try:
                await self._flush()
            except OSError as error:
                get_logger().warning("the dnstap reader went away", error=str(error))
                self._let_go()

    async def _flush(self) -> None:
        waiting, self._waiting, self._octets = self._waiting, [], 0
        if waiting:
            await self._write(b"".join(waiting))

    async def _write(self, octets: bytes) -> None:
        if self._file:
            self._file.write(octets)
        elif self._writer:
            self._writer.write(octets)
            await self._writer.drain()

    def _let_go(self) -> None:
        if self._writer:
            self._writer.close()
        if self._file:
            self._file.close()
        self._file = self._writer = None
