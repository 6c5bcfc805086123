"""Many datagrams with one system call: ``recvmmsg`` and ``sendmmsg`` of Linux, through ctypes.

Theory of operation. Per datagram the standard library spends more on turning an address into text and back than we do on the
answer. Here addresses stay what the kernel wrote: the header of an outgoing datagram points to the very octets that the
header of the incoming one had filled. All headers, addresses and buffers are laid out once in one anonymous mapping; a batch
costs two system calls, and per datagram one slice out of the mapping, one into it, and two lengths.

Only on Linux with the GNU C library's calls; :func:`available` tells, and ``resolver/transport/udp.py`` has the plain way.
"""

import ctypes
import mmap
import socket
import sys
from collections.abc import Callable

BATCH = 64  # below half a millisecond of answering; larger batches measured no better
IN_OCTETS = 2048  # no query of a client is this long; what is longer is cut, and refused as malformed
OUT_OCTETS = 2048  # answers over UDP have at most 1232
NAME_OCTETS: dict[int, int] = {socket.AF_INET: 16, socket.AF_INET6: 28}  # sockaddr_in, sockaddr_in6
NAME_SLOT = 32
CLIENTS = {socket.AF_INET: (4, 8), socket.AF_INET6: (8, 24)}  # where the address lies in it


class _Vector(ctypes.Structure):
    """struct iovec."""

    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


class _Message(ctypes.Structure):
    """struct msghdr."""

    _fields_ = (
        ("name", ctypes.c_void_p),
        ("name_length", ctypes.c_uint32),
        ("vectors", ctypes.c_void_p),
        ("vector_count", ctypes.c_size_t),
        ("control", ctypes.c_void_p),
        ("control_length", ctypes.c_size_t),
        ("flags", ctypes.c_int),
    )


class _Header(ctypes.Structure):
    """struct mmsghdr."""

    _fields_ = (("message", _Message), ("length", ctypes.c_uint32))


def available() -> bool:
    """Whether this machine has the calls and lays structures out as we read them."""
    is_sixty_four = ctypes.sizeof(ctypes.c_void_p) == ctypes.sizeof(ctypes.c_size_t) == 8
    return sys.platform == "linux" and is_sixty_four and hasattr(ctypes.CDLL(None), "recvmmsg")


class Datagrams:
    """The batches of one non-blocking socket."""

    def __init__(self, door: socket.socket) -> None:
        library = ctypes.CDLL(None)
        self._receive, self._send, self._fd = library.recvmmsg, library.sendmmsg, door.fileno()
        self._in, self._out = mmap.mmap(-1, BATCH * IN_OCTETS), mmap.mmap(-1, BATCH * OUT_OCTETS)
        self._names = mmap.mmap(-1, BATCH * NAME_SLOT)
        self._in_headers, self._in_vectors = self._lay_out(self._in, IN_OCTETS, door.family)
        self._out_headers, self._out_vectors = self._lay_out(self._out, OUT_OCTETS, door.family)
        self._client = CLIENTS[door.family]
        self._in_lengths = memoryview(self._in_headers).cast("B").cast("I")
        self._out_lengths = memoryview(self._out_vectors).cast("B").cast("Q")

    def _lay_out(
        self, buffer: mmap.mmap, size: int, family: int
    ) -> tuple[ctypes.Array[_Header], ctypes.Array[_Vector]]:
        headers, vectors = (_Header * BATCH)(), (_Vector * BATCH)()
        octets, names, octets_of_vectors = _address(buffer), _address(self._names), ctypes.addressof(vectors)
        for number in range(BATCH):
            vectors[number] = _Vector(octets + number * size, size)
            vector = octets_of_vectors + number * ctypes.sizeof(_Vector)
            headers[number] = _Header(_Message(names + number * NAME_SLOT, NAME_OCTETS[family], vector, 1))
        return headers, vectors

    def turn(self, answer: Callable[[bytes, bytes], bytes | None]) -> int:
        """Receive one batch and send what ``answer`` says to each and the address it came from; how many came."""
        received: int = self._receive(self._fd, self._in_headers, BATCH, 0, None)
        first, (address, end_of_address) = 0, self._client
        for number in range(received):
            start = number * IN_OCTETS
            name = number * NAME_SLOT
            said = answer(
                self._in[start : start + self._in_lengths[number * _LENGTH_STEP + _LENGTH_AT]],
                self._names[name + address : name + end_of_address],
            )
            if said is None:
                self._flush(first, number)
                first = number + 1
            else:
                start = number * OUT_OCTETS
                self._out[start : start + len(said)] = said
                self._out_lengths[number * 2 + 1] = len(said)
        self._flush(first, received)
        return received

    def _flush(self, first: int, end: int) -> None:
        """Send the answers from ``first`` to before ``end``; one that cannot be sent is dropped, the client asks again."""
        while first < end:
            where = ctypes.byref(self._out_headers, first * ctypes.sizeof(_Header))
            first += max(self._send(self._fd, where, end - first, 0), 1)


_LENGTH_STEP = ctypes.sizeof(_Header) // 4
_LENGTH_AT = _Header.length.offset // 4


def _address(buffer: mmap.mmap) -> int:
    return ctypes.addressof(ctypes.c_char.from_buffer(buffer))
