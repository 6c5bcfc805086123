"""The lane for plain questions over RDAP: HTTP/1.1 as bytes, before the web application.

Theory of operation. Every connection to the web port begins here. While a client sends nothing but plain GET and HEAD requests below
``/rdap/``, the lane answers them itself out of the desk (``whois/rdap/desk.py``): no request object, no middleware, no task where the
answer is in memory. At the first request that is anything else, be it in the least unusual, the connection is handed to the web
application, bytes and all, for the rest of its life. So the lane needs to understand very little of HTTP, and it must not understand more
than it should:

* a request is taken only when it is whole, ends where the received bytes end, and has no body: no ``Content-Length``, no ``Transfer-Encoding``, no
  ``Expect`` or ``Upgrade``. There is then only one reading of it, whoever stands before or behind (request smuggling lives on two readings);
* request line and field lines are printable ASCII, one ``Host`` field at most, no folded lines, HTTP/1.1;
* bytes that are no whole request yet go to the application at once, which has all the timers against slow senders.

A connection on which nothing happens is closed after :data:`IDLE_SECONDS`. Requests that come while one is being answered wait in order.
"""

import asyncio
import re
from collections.abc import Callable
from email.utils import formatdate
from http import HTTPStatus
from typing import Any, cast

from registry.kernel.clock import Clock
from registry.kernel.web.security import HEADERS as SECURITY
from registry.kernel.web.security import HSTS_SECONDS, SERVER
from whois.rdap.asking import Question
from whois.rdap.desk import Desk, Reply
from whois.rdap.members import MEDIA_TYPE

IDLE_SECONDS = 75.0  # what browsers keep a connection for, as everywhere on this port
MAX_HEAD = 8192  # a longer head goes to the application, which refuses it
OWN_HEADERS = {
    "Access-Control-Allow-Origin": "*",  # RFC 7480, section 5.6
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Vary": "Accept",
}
_LINE = re.compile(rb"(GET|HEAD) (/rdap/[!-~]*) HTTP/1\.1")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\x20-\x7e\t]*?)[ \t]*")
_FOREIGN = frozenset({b"content-length", b"transfer-encoding", b"expect", b"upgrade", b"trailer", b"te"})
_USED = {
    b"host": "host", b"accept": "accept", b"if-none-match": "if_none_match", b"if-modified-since": "if_modified_since",
    b"authorization": "authorization",
}  # fmt: skip
_KEPT = frozenset({b"", b"keep-alive"})


class Lane(asyncio.Protocol):
    """One connection. ``application`` makes the protocol that it is handed to."""

    def __init__(self, desk: Desk, head: "Head", application: Callable[[], asyncio.Protocol]) -> None:
        self._desk, self._head, self._application = desk, head, application
        self._transport: asyncio.Transport | None = None
        self._address = ""
        self._waiting = b""
        self._task: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._last = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A caller came."""
        self._transport = cast(asyncio.Transport, transport)
        peer = transport.get_extra_info("peername")
        self._address = peer[0] if isinstance(peer, tuple) else ""
        loop = asyncio.get_running_loop()
        self._last = loop.time()
        self._timer = loop.call_later(IDLE_SECONDS, self._look_at_idle)

    def data_received(self, data: bytes) -> None:
        """A request, several, or a part of one."""
        if self._task is not None:
            self._waiting += data
            if len(self._waiting) > MAX_HEAD and self._transport:
                self._transport.pause_reading()
            return
        self._last = asyncio.get_running_loop().time()
        question = read_request(data, self._address)
        if question is None:
            self._hand_over(data)
            return
        reply = self._desk.at_once(question)
        if reply is not None:
            self._send(question, reply)
            return
        self._task = asyncio.get_running_loop().create_task(self._answer(question))

    def eof_received(self) -> bool:
        """A client that closes his side gets the answer that is on its way."""
        return self._task is not None

    def connection_lost(self, _: Exception | None) -> None:
        """Let go; an answer that is being looked for is not needed any more."""
        self._transport = None
        if self._timer:
            self._timer.cancel()
        if self._task:
            self._task.cancel()

    async def _answer(self, question: Question) -> None:
        reply = await self._desk.answer(question)
        self._task = None
        self._send(question, reply)
        waiting, self._waiting = self._waiting, b""
        if waiting and self._transport:
            self._transport.resume_reading()
            self.data_received(waiting)

    def _send(self, question: Question, reply: Reply) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        self._transport.write(self._head.render(reply, is_head=question.method == "HEAD"))

    def _hand_over(self, data: bytes) -> None:
        """The application takes the connection from here."""
        assert self._transport is not None  # noqa: S101  # data comes over a connection
        if self._timer:
            self._timer.cancel()
        heir = self._application()
        transport, self._transport = self._transport, None
        transport.set_protocol(heir)
        heir.connection_made(transport)
        heir.data_received(data)

    def _look_at_idle(self) -> None:
        loop = asyncio.get_running_loop()
        left = self._last + IDLE_SECONDS - loop.time()
        if self._transport is None:
            return
        if left <= 0 and self._task is None:
            self._transport.close()
        else:
            self._timer = loop.call_later(max(left, 1.0), self._look_at_idle)


class Head:
    """Renders the heads of answers; what is the same in all of them is made once."""

    def __init__(self, clock: Clock, *, https: bool) -> None:
        self._clock = clock
        fields = {**SECURITY, **OWN_HEADERS, "Server": SERVER, "Content-Type": MEDIA_TYPE}
        if https:
            fields["Strict-Transport-Security"] = f"max-age={HSTS_SECONDS}; includeSubDomains"
        self._common = "".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode()
        self._lines = {
            one.value: f"HTTP/1.1 {one.value} {one.phrase}\r\n".encode() + self._common for one in HTTPStatus
        }
        self._second, self._date = -1, b""

    def render(self, reply: Reply, *, is_head: bool) -> bytes:
        """The whole answer as bytes."""
        fields = "".join([f"{name}: {value}\r\n" for name, value in reply.headers])
        length = "" if reply.status == HTTPStatus.NOT_MODIFIED else f"Content-Length: {len(reply.body)}\r\n"
        head = f"{fields}{length}\r\n".encode("latin-1", "replace")
        return b"".join((self._lines[reply.status], self._today(), head, b"" if is_head else reply.body))

    def _today(self) -> bytes:
        second = int(self._clock.now().timestamp())
        if second != self._second:
            self._second, self._date = second, f"Date: {formatdate(second, usegmt=True)}\r\n".encode()
        return self._date


def read_request(data: bytes, address: str) -> Question | None:
    """The question, when these bytes are exactly one plain request below ``/rdap/``; None for everything else (pure)."""
    if len(data) > MAX_HEAD or not data.endswith(b"\r\n\r\n") or (data[4:10] != b"/rdap/" and data[5:11] != b"/rdap/"):
        return None
    line, *fields = data[:-4].split(b"\r\n")
    asked = _LINE.fullmatch(line)
    if asked is None or asked[2].startswith(b"/rdap/bootstrap/"):
        return None
    used: dict[str, Any] = {}
    for field in fields:
        parts = _FIELD.fullmatch(field)
        if parts is None:
            return None
        name = parts[1].lower()
        if name in _FOREIGN or (name == b"connection" and parts[2].lower() not in _KEPT):
            return None
        if (key := _USED.get(name)) is not None:
            if key in used:
                return None
            used[key] = parts[2].decode("ascii")
    return Question(asked[1].decode(), asked[2].decode(), address=address, **used) if "host" in used else None
