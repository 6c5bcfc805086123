"""DNS over UDP: one non-blocking socket, drained in batches whenever the loop says that it has something.

``SO_REUSEPORT`` lets several processes share the port, and a new one start before the old one has gone. An answer that the
kernel has no room for is dropped, as UDP allows: the client asks again.
"""

import asyncio
import socket

from resolver.chain.responder import Responder

BATCH = 128  # about a millisecond of answering; then TCP, the feed and the rest get their turn
MAX_QUERY_OCTETS = 4096  # no query of a client is this long; what is longer is cut, and refused as malformed
BUFFER_OCTETS = 4 << 20  # a burst of about 20,000 queries while a batch of changes is worked in


class UdpDoor:
    """Listens at one address."""

    def __init__(self, responder: Responder, address: str, port: int) -> None:
        self._responder = responder
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
        asyncio.get_running_loop().add_reader(door.fileno(), self._drain, door)

    def close(self) -> None:
        """Stop answering and let go of the port."""
        if self._socket:
            asyncio.get_running_loop().remove_reader(self._socket.fileno())
            self._socket.close()
            self._socket = None

    def _drain(self, door: socket.socket) -> None:
        receive, send, answer = door.recvfrom, door.sendto, self._responder.answer
        for _ in range(BATCH):
            try:
                packet, peer = receive(MAX_QUERY_OCTETS)
            except BlockingIOError:
                return
            except OSError:
                continue  # an ICMP error for an earlier answer is told here; it is not about this packet
            if said := answer(packet):
                try:
                    send(said, peer)
                except OSError:
                    continue  # no room, or the peer cannot be reached: it asks again or not
