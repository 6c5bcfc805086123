"""DNS over UDP: one non-blocking socket, drained in batches whenever the loop says that it has something.

``SO_REUSEPORT`` lets several processes share the port, and a new one start before the old one has gone. An answer that the
kernel has no room for is dropped, as UDP allows: the client asks again.
"""

import asyncio
import contextlib
import ipaddress
import socket

from resolver.chain.responder import Responder
from resolver.transport.datagrams import BATCH, IN_OCTETS, Datagrams, available

TURNS = 4  # batches in a row, about a millisecond of answering; then TCP, the feed and the rest get their turn
BUFFER_OCTETS = 4 << 20  # a burst of about 20,000 queries while a batch of changes is worked in


class UdpDoor:
    """Listens at one address. ``batched`` false is the plain way, one system call a datagram, which works everywhere."""

    def __init__(self, responder: Responder, address: str, port: int, *, batched: bool = True) -> None:
        self._responder = responder
        self._batched = batched and available()
        self._where = (address, port)
        self._socket: socket.socket | None = None

    def open(self) -> None:
        """Bind and begin to answer on the running loop; ``OSError`` when the port is not ours to have."""
        family = socket.AF_INET6 if ":" in self._where[0] else socket.AF_INET
        door = socket.socket(family, socket.SOCK_DGRAM)
        door.setblocking(False)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_OCTETS)
        if family == socket.AF_INET6:
            door.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        try:
            door.bind(self._where)
        except OSError:
            self._socket = None
            door.close()
            raise
        self._socket = door
        if self._batched:
            asyncio.get_running_loop().add_reader(door.fileno(), self._drain, Datagrams(door))
        else:
            asyncio.get_running_loop().add_reader(door.fileno(), self._drain_plainly, door)

    def close(self) -> None:
        """Stop answering and let go of the port."""
        if self._socket:
            asyncio.get_running_loop().remove_reader(self._socket.fileno())
            self._socket.close()
            self._socket = None

    def _drain(self, datagrams: Datagrams) -> None:
        for _ in range(TURNS):
            if datagrams.turn(self._responder.answer) < BATCH:
                return

    def _drain_plainly(self, door: socket.socket) -> None:
        for _ in range(TURNS * BATCH):
            try:
                packet, peer = door.recvfrom(IN_OCTETS)
            except OSError:  # nothing left (BlockingIOError), or an ICMP error for an earlier answer
                return
            if said := self._responder.answer(packet, ipaddress.ip_address(peer[0].partition("%")[0]).packed):
                with contextlib.suppress(OSError):  # no room, or the peer cannot be reached: it asks again or not
                    door.sendto(said, peer)
