"""A proxy that stands between a client and a server and cuts, stalls or trickles on command."""

import asyncio
from contextlib import suppress

CHUNK = 65536


class FaultProxy:
    """Forwards TCP (or a Unix socket) to ``target`` until told otherwise; ``delay_seconds`` and ``piece_bytes`` make it trickle."""

    def __init__(self, target: str | tuple[str, int]) -> None:
        self._target = target
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.delay_seconds = 0.0
        self.piece_bytes = CHUNK
        self.refusing = False
        self.connections = 0

    async def start(self, path: str = "") -> int:
        """Listen on a Unix socket, or on a free port of loopback that is returned."""
        if path:
            self._server = await asyncio.start_unix_server(self._accept, path)
            return 0
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    def stall(self) -> None:
        """Hold everything back, connections stay open."""
        self._flowing.clear()

    def resume(self) -> None:
        """Let it flow again, take connections again."""
        self._flowing.set()
        self.refusing = False

    def cut(self, *, refuse: bool = False) -> None:
        """Reset every connection; with ``refuse`` new ones as well, until :meth:`resume`."""
        self.refusing = refuse
        for writer in list(self._writers):
            writer.transport.abort()

    async def close(self) -> None:
        self.cut()
        if self._server:
            self._server.close()
            await self._server.wait_closed()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        if self.refusing:
            writer.transport.abort()
            return
        if isinstance(self._target, str):
            far_reader, far_writer = await asyncio.open_unix_connection(self._target)
        else:
            far_reader, far_writer = await asyncio.open_connection(*self._target)
        self._writers |= {writer, far_writer}
        for source, sink in ((reader, far_writer), (far_reader, writer)):
            task = asyncio.create_task(self._pump(source, sink))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, OSError):
            while data := await source.read(CHUNK):
                for start in range(0, len(data), self.piece_bytes):
                    await self._flowing.wait()
                    if self.delay_seconds:
                        await asyncio.sleep(self.delay_seconds)
                    sink.write(data[start : start + self.piece_bytes])
                    await sink.drain()
        self._writers.discard(sink)
        sink.close()
