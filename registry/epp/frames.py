"""Frames of EPP over TCP (RFC 5734 section 4): four octets of length, themselves included, then one XML document."""

from collections.abc import Iterator
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

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The documents that are whole now, in order. :class:`FrameBroken` at a frame that is empty or over the limit."""
        self._rest += data
        while (document := self._next()) is not None:
            yield document

    def _next(self) -> bytes | None:
        rest = self._rest
        if len(rest) < HEADER:
            return None
        length = self._checked(_LENGTH.unpack_from(rest)[0])
        if len(rest) < length:
            return None
        document = bytes(rest[HEADER:length])
        del rest[:length]
        return document

    def _checked(self, length: int) -> int:
        if length <= HEADER:
            raise FrameBroken(f"a frame of {length} octets holds no document")
        if length > self._limit:
            raise FrameBroken(f"a frame of {length} octets is over the limit of {self._limit}")
        return int(length)


def to_frame(document: bytes) -> bytes:
    """The document with its length in front."""
    return _LENGTH.pack(HEADER + len(document)) + document
