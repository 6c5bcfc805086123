"""How a service tells its health and figures to the supervisor: one word in, one answer out, on a Unix socket.

Not HTTP on purpose: every service would load a web server for it, a quarter of its start. ``ready`` is answered with ``yes`` or ``no``,
``metrics`` with the exposition; then the connection ends.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from registry.kernel import metrics
from registry.kernel.config import Config
from registry.kernel.paths import short_directory

ASK_SECONDS = 2.0  # a service that does not tell its health within this is not healthy
MAX_QUESTION = 16  # octets; the longest word has seven

READY, METRICS = b"ready\n", b"metrics\n"


@asynccontextmanager
async def telling_health(config: Config, instance: str, ready: Callable[[], bool]) -> AsyncIterator[None]:
    """Answer on the instance's socket until the end of the block."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
            question = await asyncio.wait_for(reader.readline(), ASK_SECONDS)
            writer.write(metrics.exposition() if question == METRICS else b"yes" if ready() else b"no")
            await writer.drain()
        writer.close()

    path = health_socket(config, instance)
    with suppress(FileNotFoundError):
        os.unlink(path)  # noqa: PTH108  # a socket that a crash left; one system call before anything else runs
    server = await asyncio.start_unix_server(answer, path, limit=MAX_QUESTION)
    try:
        yield
    finally:
        server.close()


async def ask(config: Config, instance: str, question: bytes) -> bytes:
    """The answer of a service instance; empty when it is not there or does not answer in time."""
    try:
        async with asyncio.timeout(ASK_SECONDS):
            reader, writer = await asyncio.open_unix_connection(health_socket(config, instance))
            try:
                writer.write(question)
                return await reader.read()
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return b""


async def is_ready(config: Config, instance: str) -> bool:
    """Whether a service instance says that it serves."""
    return await ask(config, instance, READY) == b"yes"


def health_socket(config: Config, instance: str) -> str:
    """The Unix socket on which a service instance tells its health."""
    return str(short_directory(config.data / "run") / f"{instance}.sock")
