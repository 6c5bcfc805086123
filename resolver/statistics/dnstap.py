"""A message as dnstap tells it: the protocol buffer of dnstap.proto (dnstap.info), encoded by hand, for it has a dozen fields.

A field is its number and kind, then a varint, four octets, or octets with their length (Protocol Buffers, encoding).
"""

import struct
from dataclasses import dataclass
from datetime import datetime

CONTENT_TYPE = b"protobuf:dnstap.Dnstap"  # in the frame stream's handshake
VARINT, OCTETS, FOUR = 0, 2, 5  # kinds of fields
AUTH_QUERY, AUTH_RESPONSE = 1, 2  # Message.Type
INET, INET6 = 1, 2  # SocketFamily
PROTOCOLS = {"udp": 1, "tcp": 2, "tls": 3, "https": 4}  # SocketProtocol
MESSAGE = 1  # Dnstap.Type
IPV4_OCTETS = 4


@dataclass(frozen=True, slots=True)
class Seen:
    """One question and what was answered (None: silence) to ``client`` (octets of its address; empty when nobody knows)."""

    query: bytes
    answer: bytes | None
    client: bytes
    transport: str
    at: datetime


def encode(seen: Seen, identity: bytes, version: bytes) -> bytes:
    """One Dnstap message."""
    message = _message(seen)
    return _octets(1, identity) + _octets(2, version) + _octets(14, message) + _number(15, MESSAGE)


def _message(seen: Seen) -> bytes:
    seconds, nanoseconds = int(seen.at.timestamp()), seen.at.microsecond * 1000
    parts = [_number(1, AUTH_QUERY if seen.answer is None else AUTH_RESPONSE)]
    if seen.client:
        parts.append(_number(2, INET if len(seen.client) == IPV4_OCTETS else INET6))
    parts.append(_number(3, PROTOCOLS[seen.transport]))
    if seen.client:
        parts.append(_octets(4, seen.client))
    parts += (_number(8, seconds), _four(9, nanoseconds), _octets(10, seen.query))
    if seen.answer is not None:
        parts += (_number(12, seconds), _four(13, nanoseconds), _octets(14, seen.answer))
    return b"".join(parts)


def _varint(number: int) -> bytes:
    made = bytearray()
    while number > 0x7F:
        made.append(number & 0x7F | 0x80)
        number >>= 7
    made.append(number)
    return bytes(made)


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3 | VARINT) + _varint(value)


def _octets(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | OCTETS) + _varint(len(value)) + value


def _four(field: int, value: int) -> bytes:
    return _varint(field << 3 | FOUR) + struct.pack("<I", value)
