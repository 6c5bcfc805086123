"""JPEG (ITU-T T.81) and PNG (W3C, third edition): walked from the first octet to the last, so that nothing lies behind the picture."""

import struct
import zlib

from registry.kernel.errors import Reason, Refusal

MAX_PIXELS = 100_000_000  # a page at 1200 dpi; whoever opens more runs out of memory
_PNG_HEADER = 13  # octets of IHDR
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length: TEM, RST0 to RST7
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # SOF markers; the others are tables
_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA


def walk_jpeg(content: bytes) -> None:
    """Refuses with VALUE_INVALID what is no whole JPEG or goes on behind its end; further pictures behind it (MPO) are one of its forms."""
    at = 0
    while content.startswith(b"\xff\xd8\xff", at):
        at = _jpeg_end(content, at)
    if at == 0 or content[at:].strip(b"\0"):
        raise _broken("JPEG")


def _jpeg_end(content: bytes, start: int) -> int:
    """Where the picture that begins at ``start`` ends."""
    at, is_framed = start + 2, False
    while at + 2 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:  # fill
            at += 1
            continue
        if marker == _EOI:
            if not is_framed:
                raise _broken("JPEG")
            return at + 2
        at += 2
        if marker in _STANDALONE:
            continue
        length = _length(content, at)
        if marker in _FRAMES:
            _check_size("JPEG", *_jpeg_size(content, at))
            is_framed = True
        at += length
        if marker == _SOS:
            at = _scan_end(content, at)
    raise _broken("JPEG")


def _length(content: bytes, at: int) -> int:
    length = int.from_bytes(content[at : at + 2], "big") if at + 2 <= len(content) else 0
    if length < 2 or at + length > len(content):
        raise _broken("JPEG")
    return length


def _jpeg_size(content: bytes, at: int) -> tuple[int, int]:
    if at + 7 > len(content):
        raise _broken("JPEG")
    height, width = struct.unpack(">HH", content[at + 3 : at + 7])
    return width, height


def _scan_end(content: bytes, at: int) -> int:
    """The next marker that is not part of the entropy-coded data."""
    while (at := content.find(b"\xff", at)) >= 0 and at + 1 < len(content):
        following = content[at + 1]
        if following == 0 or 0xD0 <= following <= 0xD7:
            at += 2
        elif following == 0xFF:
            at += 1
        else:
            return at
    raise _broken("JPEG")


def walk_png(content: bytes) -> None:
    """Refuses with VALUE_INVALID what is no whole PNG, has a wrong check sum or goes on behind its end."""
    at, kind = 8, b""
    while kind != b"IEND":
        kind, data, after = _chunk(content, at)
        if (at == 8) != (kind == b"IHDR"):
            raise _broken("PNG")
        if kind == b"IHDR":
            _check_size("PNG", *_png_size(data))
        at = after
    if at != len(content):
        raise _broken("PNG")


def _chunk(content: bytes, at: int) -> tuple[bytes, memoryview, int]:
    head = content[at : at + 8]
    if len(head) < 8:
        raise _broken("PNG")
    length = int.from_bytes(head[:4], "big")
    end = at + 8 + length
    if end + 4 > len(content):
        raise _broken("PNG")
    data = memoryview(content)[at + 8 : end]
    if zlib.crc32(data, zlib.crc32(head[4:])) != int.from_bytes(content[end : end + 4], "big"):
        raise _broken("PNG")
    return head[4:], data, end + 4


def _png_size(data: memoryview) -> tuple[int, int]:
    if len(data) != _PNG_HEADER:
        raise _broken("PNG")
    width, height = struct.unpack(">II", data[:8])
    return width, height


def _check_size(kind: str, width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise Refusal(
            Reason.VALUE_INVALID,
            f"图片过大（{width}×{height}），请降低分辨率",
            f"the picture is too large ({width}×{height})",
            where="file",
        )
    if width == 0:
        raise _broken(kind)


def _broken(kind: str) -> Refusal:
    zh = f"不是完整的 {kind} 图片，或图片之后还有别的内容，请另存后再上传"
    return Refusal(Reason.VALUE_INVALID, zh, f"no whole {kind}, or something follows the picture", where="file")
