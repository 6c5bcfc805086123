"""A program that floods a TCP port with connections which never finish a message: ``python -m tests.answering.pest PORT SECONDS``."""

import asyncio
import contextlib
import sys

CONNECTIONS = 300


async def pester(port: int, number: int) -> None:
    """One connection after the other, each from its own network, half a message each."""
    while True:
        try:
            source = (f"127.0.{20 + number % 100}.{1 + number // 100}", 0)
            reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=source)
        except OSError:
            await asyncio.sleep(0.05)
            continue
        with contextlib.suppress(OSError, TimeoutError):
            writer.write(b"\0\x40" + b"x" * (number % 40))
            await asyncio.wait_for(reader.read(1), 0.3)
        writer.transport.abort()


async def main() -> None:
    """For so many seconds."""
    port, seconds = int(sys.argv[1]), float(sys.argv[2])
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await asyncio.gather(*(pester(port, number) for number in range(CONNECTIONS)))


if __name__ == "__main__":
    asyncio.run(main())
