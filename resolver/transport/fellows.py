"""Fellow processes: more UDP doors on the same port, over the same zones in the same memory.

Theory of operation. The first process loads the zones and then forks. What was loaded is frozen (``gc.freeze``), so the collector does
not write into it, and parent and children share its pages until somebody changes something. The kernel deals the datagrams
out among all sockets that share the port (``SO_REUSEPORT``).

A fellow holds no connection to the database and decides nothing: the first process sends it every change of a zone with the
serial that it was published under, over a socket pair, and the fellow puts it in place by the same call. So all processes say
the same at the same serial, some milliseconds apart. What is not a change of delegations (a new zone, other keys) is too rare to
send: the fellows are forked anew (:meth:`Fellows.renew`), and the new ones open the port before the old ones leave it. Once a
second a fellow tells what it has answered.

A fellow that dies is replaced; one whose parent dies hears the end of the socket pair and ends. Only on systems with fork; elsewhere, and
with one worker, there are none.
"""

import asyncio
import contextlib
import gc
import os
import signal
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
import uvloop

from registry.kernel.clock import Clock
from registry.kernel.config import Config
from registry.kernel.log import get_logger
from registry.kernel.metrics import gauge
from registry.kernel.supervise import watch_pid
from resolver.chain.steps import Zones
from resolver.statistics.tap import FileTap
from resolver.transport.doors import Doors, Figures, identity
from resolver.zone.delegation import Delegation
from resolver.zone.zone import Zone

LENGTH_OCTETS = 4
MAX_BEHIND = 64 << 20  # octets that a fellow may be behind before it is replaced: some 200,000 changes
RESTART_SECONDS = 1.0  # between the end of a fellow and its successor
TELL_SECONDS = 1.0
RUNNING = gauge("dns_fellows", "Fellow processes that answer.", "service")


@dataclass(frozen=True, slots=True)
class Change:
    """What a batch of changes does to one zone, or (serial unchanged) what time it is there; ``instant`` is that of its signatures."""

    origin: bytes
    serial: int
    instant: int
    delegations: dict[bytes, Delegation | None]


_ENCODE_CHANGE, _DECODE_CHANGE = msgspec.msgpack.Encoder().encode, msgspec.msgpack.Decoder(Change).decode
_ENCODE_FIGURES, _DECODE_FIGURES = msgspec.msgpack.Encoder().encode, msgspec.msgpack.Decoder(Figures).decode


class _Fellow:
    """One fellow as its parent sees it."""

    def __init__(self, number: int, pid: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.number, self.pid = number, pid
        self.reader, self.writer = reader, writer
        self.is_leaving = False

    def send(self, message: bytes) -> bool:
        """Queue a message; False when the fellow is too far behind to catch up."""
        self.writer.write(len(message).to_bytes(LENGTH_OCTETS, "big") + message)
        transport = self.writer.transport
        return bool(transport.get_write_buffer_size() < MAX_BEHIND)

    def end(self) -> None:
        """Tell it to go."""
        self.is_leaving = True
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)


class Fellows:
    """``config.workers`` - 1 fellows over ``zones``. ``heard`` gets their figures."""

    def __init__(self, config: Config, zones: Zones, clock: Clock, heard: Callable[[Figures], None]) -> None:
        self._config, self._zones, self._clock, self._heard = config, zones, clock, heard
        self._fellows: set[_Fellow] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_open = False

    async def open(self) -> None:
        """Fork them; call when the zones are loaded."""
        self._is_open = True
        for number in range(1, self._config.workers):
            await self._fork(number)

    async def renew(self) -> None:
        """Replace all by fellows that have the zones as they are now."""
        old = list(self._fellows)
        await self.open()
        for each in old:
            each.end()

    async def close(self) -> None:
        """End them all and wait until they have."""
        self._is_open = False
        for each in self._fellows:
            each.end()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def apply(self, origin: bytes, changes: Mapping[bytes, Delegation | None], serial: int) -> None:
        """Tell them of a change that was just put in place here."""
        if self._fellows:
            signing = self._zones[origin].signing
            self._send(Change(origin, serial, signing.now if signing else 0, dict(changes)))

    def tell_time(self) -> None:
        """Tell them at what instant the zones are signed here; called once a second."""
        for origin, zone in self._zones.items():
            self.apply(origin, {}, zone.serial)

    def _send(self, change: Change) -> None:
        message = _ENCODE_CHANGE(change)
        for each in list(self._fellows):
            if not each.is_leaving and not each.send(message):
                get_logger().warning("a fellow is too far behind and is replaced", pid=each.pid)
                each.end()
                each.is_leaving = False  # so that its end is answered by a successor

    async def _fork(self, number: int) -> None:
        ours, theirs = socket.socketpair()
        gc.collect()
        gc.freeze()
        pid = os.fork()
        if pid == 0:
            _be_helper(self._config, self._zones, self._clock, theirs.fileno(), number)
        theirs.close()
        reader, writer = await asyncio.open_connection(sock=ours)
        fellow = _Fellow(number, pid, reader, writer)
        self._fellows.add(fellow)
        RUNNING.labels("dns").set(len(self._fellows))
        task = asyncio.create_task(self._attend(fellow))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _attend(self, fellow: _Fellow) -> None:
        """Hear a fellow out until it ends, and replace it when nobody sent it away."""
        with contextlib.suppress(asyncio.IncompleteReadError, OSError):
            while True:
                size = int.from_bytes(await fellow.reader.readexactly(LENGTH_OCTETS), "big")
                self._heard(_DECODE_FIGURES(await fellow.reader.readexactly(size)))
        self._fellows.discard(fellow)
        RUNNING.labels("dns").set(len(self._fellows))
        fellow.writer.close()
        await watch_pid(fellow.pid)
        os.waitpid(fellow.pid, 0)  # noqa: ASYNC222  # it has ended: this only reaps it
        if self._is_open and not fellow.is_leaving:
            get_logger().warning("a fellow ended and is replaced", pid=fellow.pid)
            await asyncio.sleep(RESTART_SECONDS)
            if self._is_open:
                await self._fork(fellow.number)


def _be_helper(config: Config, zones: Zones, clock: Clock, channel: int, number: int) -> None:
    """Everything that a fellow does, from the fork to its end. Never returns: the caller's stack is the parent's."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; our parent tells us
        kept = os.dup2(channel, 3)
        os.closerange(kept + 1, os.sysconf("SC_OPEN_MAX"))  # the parent's doors and connections are not ours
        uvloop.run(_help(config, zones, clock, socket.socket(fileno=kept), number))
        code = 0
    except BaseException:  # noqa: BLE001  # whatever it was must not unwind into the parent's code
        get_logger().exception("a fellow failed")
    finally:
        os._exit(code)


async def _help(config: Config, zones: Zones, clock: Clock, channel: socket.socket, number: int) -> None:
    reader, writer = await asyncio.open_connection(sock=channel)
    tap = FileTap(f"{config.dns.dnstap}", identity(config.dns), clock, number) if config.dns.dnstap else None
    if tap:
        await tap.open()
    doors = Doors(config, zones, clock.now(), is_first=False, tap=tap.see if tap else None)
    await doors.open()
    telling = asyncio.create_task(_tell(doors, writer, clock))
    try:
        while True:
            size = int.from_bytes(await reader.readexactly(LENGTH_OCTETS), "big")
            change = _DECODE_CHANGE(await reader.readexactly(size))
            if zone := zones.get(change.origin):  # one that is new here comes with the fellows that replace us
                _put(zone, change)
    except (asyncio.IncompleteReadError, OSError):
        telling.cancel()  # the parent is gone
    await doors.close()


def _put(zone: Zone, change: Change) -> None:
    """Do what the first process did."""
    if zone.signing:
        zone.signing.advance(datetime.fromtimestamp(change.instant, UTC))
    if change.serial != zone.serial:
        zone.apply(change.delegations, change.serial)


async def _tell(doors: Doors, writer: asyncio.StreamWriter, clock: Clock) -> None:
    while True:
        await asyncio.sleep(TELL_SECONDS)
        figures = doors.tick(clock.now())
        message = _ENCODE_FIGURES(figures)
        writer.write(len(message).to_bytes(LENGTH_OCTETS, "big") + message)
        await writer.drain()
