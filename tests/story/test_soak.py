"""A hostile neighbour: one registrar floods, never reads, half opens and storms the door, while the others go about their work.

``ZHENGMING_SOAK_SECONDS`` makes it as long as one likes; a night's run takes hours.
"""

import asyncio
import os
import ssl
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.epp.tls_world import Client
from tests.kit import epp
from tests.kit.system import System

pytestmark = [pytest.mark.story, pytest.mark.xdist_group("story")]

SECONDS = float(os.environ.get("ZHENGMING_SOAK_SECONDS", "20"))
GOOD = 6  # sessions that work
WARM_UP = 0.3  # of the time, after which memory may not grow any more
GROWTH = 48 * 1024  # KiB of the door's process that are no leak: buffers of the neighbour, a pool that filled
ZONE = "zz--main-1234"
GONE = (OSError, ssl.SSLError, asyncio.IncompleteReadError, TimeoutError, AssertionError)


def resident(pid: int) -> int:
    """KiB of a process that lie in memory."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))


async def work(system: System, worker: int, until: float, took: list[float]) -> int:
    """A good registrar: checks and creates in turn, three at a time in the pipe, and every answer in its place."""
    client = await epp.plain_client(system)
    done = 0
    try:
        while time.monotonic() < until:
            names = [f"soak-{worker}-{done + place}.{ZONE}" for place in range(3)]
            began = time.monotonic()
            for name in names:
                client.send(epp.check_domain(name))
            for name in names:
                answer = await asyncio.wait_for(client.receive(), 10)
                assert b'code="1000"' in answer
                assert name.encode() in answer  # in order: the answer to this very question
            created = await client.ask(epp.create_domain(names[0], registrant="rst-contact-1"))
            assert b'code="1000"' in created, created.decode()
            took.append((time.monotonic() - began) / 4)
            done += 3
            await asyncio.sleep(0.02)
    finally:
        await client.close()
    return done


async def flood(client: Client, until: float) -> None:
    """As many questions as the pipe takes, every answer read."""
    while time.monotonic() < until:
        for _ in range(200):
            client.send(epp.check_domain(f"flood.{ZONE}"))
        for _ in range(200):
            await asyncio.wait_for(client.receive(), 10)


async def never_read(client: Client, until: float) -> None:
    """Questions without end, and no answer ever fetched."""
    while time.monotonic() < until:
        client.send(epp.check_domain(f"deaf.{ZONE}"))
        await asyncio.wait_for(client.writer.drain(), 5)


async def rubbish(client: Client, until: float) -> None:
    """Frames that are no XML, and lengths that are no frames."""
    while time.monotonic() < until:
        client.send(b"<epp" + bytes(200))
        await asyncio.wait_for(client.receive(), 10)


async def hostile(system: System, act: Callable[[Client, float], Awaitable[None]], until: float) -> None:
    """Do it, be thrown out, come back."""
    while time.monotonic() < until:
        with suppress(*GONE):
            client = await epp.plain_client(system, "registrar-b")
            try:
                await act(client, until)
            finally:
                with suppress(*GONE):
                    await asyncio.wait_for(client.close(), 1)
        await asyncio.sleep(0.05)


async def storm(system: System, until: float) -> None:
    """Connections by the dozen that say nothing, half of them cut in the handshake."""
    while time.monotonic() < until:
        writers = []
        for _ in range(12):
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", system.port("epp"))
                writer.write(b"\x16\x03\x01")
                writers.append(writer)
        await asyncio.sleep(0.2)
        for writer in writers:
            writer.transport.abort()


async def test_a_hostile_neighbour_harms_nobody_else(system: System) -> None:
    """No command of a good registrar fails or comes out of order; the door's memory stays flat; and it is the same process all along."""
    pid = system.processes()["epp"]
    until = time.monotonic() + SECONDS
    took: list[float] = []
    enemies = [
        asyncio.create_task(one)
        for one in (
            hostile(system, flood, until),
            hostile(system, never_read, until),
            hostile(system, rubbish, until),
            storm(system, until),
        )
    ]
    workers = [asyncio.create_task(work(system, number, until, took)) for number in range(GOOD)]
    await asyncio.sleep(SECONDS * WARM_UP)
    before = resident(pid)
    done = await asyncio.gather(*workers)
    after = resident(pid)
    await asyncio.gather(*enemies)
    assert system.processes()["epp"] == pid
    assert all(count > 0 for count in done)
    assert after - before < GROWTH, (before, after)
    took.sort()
    figures = f"p50 {statistics.median(took) * 1000:.1f} ms, p99 {took[int(len(took) * 0.99) - 1] * 1000:.1f} ms"
    sys.stdout.write(f"\n{sum(done) * 4 // 3} commands, {figures}, memory {before} to {after} KiB\n")
