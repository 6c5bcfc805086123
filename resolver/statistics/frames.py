"""Frame Streams (the fstrm library's format): how dnstap messages lie in a file or go over a Unix socket.

A data frame is its length in four octets and its content. A length of zero announces a control frame: length, type, and fields, of which there is
one, the content type. A file begins with START and ends with STOP. Over a socket the writer says READY, the reader ACCEPT, then START as
in a file, and at the end the reader says FINISH.
"""

import struct

ACCEPT, START, STOP, READY, FINISH = 1, 2, 3, 4, 5
FIELD_CONTENT_TYPE = 1
ESCAPE = bytes(4)
MAX_CONTROL_OCTETS = 512  # as the library has it
_NUMBER = struct.Struct("!I")


def frame(content: bytes) -> bytes:
    """One data frame."""
    return _NUMBER.pack(len(content)) + content


def control(kind: int, content_type: bytes = b"") -> bytes:
    """One control frame, with the content type when there is one."""
    field = _NUMBER.pack(FIELD_CONTENT_TYPE) + frame(content_type) if content_type else b""
    return ESCAPE + frame(_NUMBER.pack(kind) + field)


def kind_of(content: bytes) -> int:
    """The type of a control frame, given what follows its length; 0 when it has none."""
    return int(_NUMBER.unpack_from(content)[0]) if len(content) >= _NUMBER.size else 0
