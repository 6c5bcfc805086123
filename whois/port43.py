"""WHOIS over TCP (RFC 3912): one line in, one answer out, connection closed.

A connection costs little and cannot be kept: a line must be complete within ``query_seconds``, an answer must be found and
must be read within the same time each, more than ``max_query_bytes`` are not taken in, and beyond ``max_connections`` a caller is told to come
back. Whatever happens to one connection, the listener goes on.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Protocol, cast

from registry.kernel.clock import Clock
from registry.kernel.config import WhoisConfig
from registry.kernel.errors import Reason, Refusal
from registry.kernel.ids import new_public_id
from registry.kernel.log import get_logger
from registry.kernel.metrics import counter, gauge, histogram
from whois.answer import refusal_answer
from whois.limits import AskingLimits, networks_of

QUERIES = counter("whois_queries", "Queries on port 43", "source", "outcome")
SECONDS = histogram("whois_query_seconds", "Time from the whole line to the answer")
OPEN = gauge("whois_connections", "Connections that are open on port 43")
SHARE = 10  # one address may hold a tenth of the places, so that no single caller can shut the door for the others
LEAST_SHARE = 8  # and at least as many as an office behind one address needs at once
FAULT_ID_BITS = 60  # twelve characters that can be read out by telephone
NO_ROOM = Refusal(Reason.SESSION_LIMIT, "连接数已满，请稍后再试", "too many connections; please come back later")
NO_ANSWER = Refusal(Reason.UNAVAILABLE, "查询超时，请稍后再试", "no answer in time; please try again later")
ANSWERED, FROM_MEMORY = QUERIES.labels("register", "answered"), QUERIES.labels("memory", "answered")


class Source(Protocol):
    """Where lines are answered (``whois/lookup.py``)."""

    def at_once(self, line: bytes) -> bytes | None:
        """The answer when it is in memory."""
        ...

    async def look_up(self, line: bytes) -> bytes:
        """The answer, or a refusal."""
        ...


class Desk:
    """What all connections of one listener share."""

    def __init__(self, config: WhoisConfig, clock: Clock, source: Source) -> None:
        self.config = config
        self.clock = clock
        self.source = source
        self.limits = AskingLimits(config.queries_per_minute, config.unlimited_networks)
        self.open = 0
        self.holders: Counter[str] = Counter()
        self.working: set[asyncio.Task[None]] = set()

    def connection(self) -> "Connection":
        """The protocol of a new connection."""
        return Connection(self)

    def enter(self, network: str) -> bool:
        """Count a caller in; whether there is room for him, in the house and in the share of his network."""
        self.open += 1
        self.holders[network] += 1
        OPEN.set(self.open)
        places = self.config.max_connections
        return self.open <= places and self.holders[network] <= max(LEAST_SHARE, places // SHARE)

    def leave(self, network: str) -> None:
        """Count a caller out."""
        self.open -= 1
        self.holders[network] -= 1
        if not self.holders[network]:
            del self.holders[network]
        OPEN.set(self.open)

    def at_once(self, line: bytes, address: str) -> bytes | None:
        """The answer to a line that is in memory, or the refusal of a caller who asks too often; None when the register must be asked."""
        try:
            self.limits.check(address, self.clock.monotonic())
        except Refusal as refusal:
            return self._refused(refusal)
        found = self.source.at_once(line)
        if found is not None:
            FROM_MEMORY.inc()
        return found

    async def answer(self, line: bytes) -> bytes:
        """The answer out of the register; never raises."""
        began = self.clock.monotonic()
        try:
            async with asyncio.timeout(self.config.query_seconds):
                found = await self.source.look_up(line)
        except TimeoutError:
            return self._refused(NO_ANSWER)
        except Refusal as refusal:
            return self._refused(refusal)
        except Exception as error:  # noqa: BLE001  # the last door: what is not caught here would be an empty answer outside
            QUERIES.labels("register", "fault").inc()
            return _fault(error)
        finally:
            SECONDS.observe(self.clock.monotonic() - began)
        ANSWERED.inc()
        return found

    @staticmethod
    def _refused(refusal: Refusal) -> bytes:
        QUERIES.labels("register", refusal.reason.value).inc()
        return refusal_answer(refusal)


class Connection(asyncio.Protocol):
    """One caller. The timer first guards the line, then the reading of the answer."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._taken = bytearray()
        self._address = self._network = ""
        self._has_asked = False
        self._lingers = False
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the caller in, or tell him that there is no room."""
        self._transport = cast(asyncio.Transport, transport)
        peer = transport.get_extra_info("peername")
        self._address = peer[0] if isinstance(peer, tuple) else ""
        self._network = networks_of(self._address)[0]
        if self._desk.enter(self._network):
            self._set_timer(self._line_is_late)
        else:
            self._has_asked = True
            QUERIES.labels("none", Reason.SESSION_LIMIT.value).inc()
            self._send(refusal_answer(NO_ROOM))

    def data_received(self, data: bytes) -> None:
        """Collect the line; what comes after it is not looked at."""
        if self._has_asked:
            return
        self._taken += data
        line, newline, _ = self._taken.partition(b"\n")
        if len(line) > self._desk.config.max_query_bytes:
            limit = self._desk.config.max_query_bytes
            self._refuse(
                Refusal(
                    Reason.TOO_LARGE, f"查询超过 {limit} 字节", f"the query is longer than {limit} bytes", where="query"
                )
            )
        elif newline:
            self._ask(bytes(line))

    def eof_received(self) -> bool:
        """A caller that closes his side has asked what he sent so far; the other side stays open for the answer."""
        if not self._has_asked:
            self._ask(bytes(self._taken))
        elif self._lingers and self._transport:
            self._transport.close()
        return True

    def connection_lost(self, _: Exception | None) -> None:
        """Let go."""
        self._desk.leave(self._network)
        self._transport = None
        self._stop_timer()

    def _ask(self, line: bytes) -> None:
        self._has_asked = True
        self._taken.clear()
        self._stop_timer()
        known = self._desk.at_once(line, self._address)
        if known is not None:
            self._send(known)
            return
        task = asyncio.get_running_loop().create_task(self._answer(line))
        self._desk.working.add(task)
        task.add_done_callback(self._desk.working.discard)

    async def _answer(self, line: bytes) -> None:
        self._send(await self._desk.answer(line))

    def _refuse(self, refusal: Refusal) -> None:
        """Say no before the line is whole. Closing while more of it comes in would make the kernel throw our words away with
        a reset, so the caller may finish, within the time of a line.
        """
        self._has_asked = self._lingers = True
        self._taken.clear()
        QUERIES.labels("none", refusal.reason.value).inc()
        if self._transport is None or self._transport.is_closing():
            return
        self._transport.write(refusal_answer(refusal))
        self._transport.write_eof()
        self._set_timer(self._transport.abort)

    def _send(self, answer: bytes) -> None:
        """Write and close; whoever does not read it in time is cut."""
        if self._transport is None or self._transport.is_closing():
            return
        self._transport.write(answer)
        self._transport.close()
        if self._transport.get_write_buffer_size():
            self._set_timer(self._transport.abort)

    def _line_is_late(self) -> None:
        seconds = self._desk.config.query_seconds
        zh, en = f"{seconds:g} 秒内没有收到查询", f"no query came within {seconds:g} seconds"
        self._refuse(Refusal(Reason.SYNTAX_INVALID, zh, en, where="query"))

    def _set_timer(self, act: Callable[[], None]) -> None:
        self._stop_timer()
        self._timer = asyncio.get_running_loop().call_later(self._desk.config.query_seconds, act)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _fault(error: Exception) -> bytes:
    fault_id = new_public_id(FAULT_ID_BITS)
    get_logger().error("fault", fault=fault_id, exc_info=error)
    zh, en = f"系统出错，编号 {fault_id}，请稍后再试", f"something broke, number {fault_id}; please try again later"
    return refusal_answer(Refusal(Reason.UNAVAILABLE, zh, en))
