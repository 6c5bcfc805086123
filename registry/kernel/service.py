"""A service: what ``zhengming serve NAME`` runs, and how it starts and stops.

Every service says when it is ready, drains when it is told to stop (takes nothing new, finishes what it has), and then closes. Its
health is told on a Unix socket below the data directory, where the supervisor collects it (``registry/kernel/health.py``).
"""

import asyncio
import gc
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from registry.kernel.clock import Clock, SystemClock
from registry.kernel.config import Config
from registry.kernel.db import Database
from registry.kernel.health import telling_health
from registry.kernel.log import get_logger

DRAIN_SECONDS = 10.0  # longer than any command may take; then what is left is cut
LAST_SECONDS = 20  # from the first signal to the end: a service that hangs in its close must not outlive its supervisor
DATABASE_WAIT_SECONDS = 60.0  # a database in crash recovery; longer than that an operator must look


class Service(Protocol):
    """One door or worker. ``start`` returns when it serves; ``ready`` is asked often and must be cheap."""

    name: str

    async def start(self) -> None:
        """Bind, load, begin."""
        ...

    def ready(self) -> bool:
        """Whether it can serve now."""
        ...

    async def drain(self) -> None:
        """Take nothing new; return when what was begun is finished."""
        ...

    async def close(self) -> None:
        """Let go of everything."""
        ...


@dataclass(frozen=True, slots=True)
class Parts:
    """What a service is built from."""

    config: Config
    db: Database
    clock: Clock


Factory = Callable[[Parts], Service]


def run_service(name: str, factory: Factory, config: Config, dsn: str, *, worker: int = 0) -> None:
    """Run one service in this process until SIGTERM or SIGINT; a second signal ends it at once."""
    import uvloop  # the command line loads without it

    uvloop.run(_run(name, factory, config, dsn, worker))


async def _run(name: str, factory: Factory, config: Config, dsn: str, worker: int) -> None:
    log = get_logger()
    stopping = asyncio.Event()
    _on_signals(stopping)
    db = await Database.open(
        dsn,
        size=config.database.pool_size,
        statement_timeout_seconds=config.database.statement_timeout_seconds,
        wait_seconds=DATABASE_WAIT_SECONDS,
    )
    service = factory(Parts(config, db, SystemClock()))
    await service.start()
    async with telling_health(config, f"{name}.{worker}", service.ready):
        gc.enable()
        log.info("started", pid=os.getpid())
        await stopping.wait()
        log.info("draining")
        try:
            await asyncio.wait_for(service.drain(), DRAIN_SECONDS)
        except TimeoutError:
            log.warning("drain cut", seconds=DRAIN_SECONDS)
        await service.close()
    await db.close()
    log.info("stopped")


def _on_signals(stopping: asyncio.Event) -> None:
    def heard() -> None:
        if stopping.is_set():
            os._exit(1)
        signal.alarm(LAST_SECONDS)  # the kernel ends us then, whatever hangs
        stopping.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, heard)
