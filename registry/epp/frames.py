"""Frames of EPP over TCP (RFC 5734 section 4): four octets of length, themselves included, then one XML document."""

from struct import Struct

_LENGTH = Struct(">I")
HEADER = _LENGTH.size  # counted in the length (RFC 5734 section 4: "the total length of the data unit")


class FrameBroken(ValueError):
    """The length field cannot be true, so nothing after it can be read: the connection has to end."""


class FrameReader:
    """Cuts a stream into documents. Feed it whatever arrived; it keeps what is not whole yet, never more than one frame."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._rest = bytearray()

    @property
    def is_between_frames(self) -> bool:
        """Whether no part of a frame is waiting for its rest."""
        return not self._rest

    def feed(self, data: bytes) -> list[bytes]:
        """The documents that are whole now, in order. :class:`FrameBroken` when a frame is empty or over the limit."""
        rest = self._rest
        rest += data
        frames: list[bytes] = []
        start = 0
        while len(rest) - start >= HEADER:
            length = self._checked(_LENGTH.unpack_from(rest, start)[0])
            if len(rest) - start < length:
                break
            frames.append(bytes(rest[start + HEADER : start + length]))
            start += length
        del rest[:start]
        return frames

    def _checked(self, length: int) -> int:
        if length <= HEADER:
            raise FrameBroken(f"a frame of {length} octets holds no document")
        if length > self._limit:
            raise FrameBroken(f"a frame of {length} octets is over the limit of {self._limit}")
        return int(length)


def to_frame(document: bytes) -> bytes:
    """The document with its length in front."""
    return _LENGTH.pack(HEADER + len(document)) + document
