"""Content codings undone a piece at a time, so that a bomb is stopped before it goes off. Pure."""

import zlib

from verifier.fetch.answer import Failure
from verifier.fetch.limits import Limits

OFFERED = "gzip, deflate"
_PIECE = 64 * 1024


class Undone(Exception):
    """The body cannot be taken in, and why."""

    def __init__(self, failure: Failure, detail: str) -> None:
        super().__init__(detail)
        self.failure = failure
        self.detail = detail


def decode(body: bytes, coding: str, limits: Limits) -> bytes:
    """The body without its content codings (RFC 9110 section 8.4.1); :class:`Undone` with ``BOMB``, ``TOO_LARGE`` or ``ENCODING``."""
    layers = [layer.strip().lower() for layer in coding.split(",") if layer.strip()]
    layers = [layer for layer in layers if layer != "identity"]
    if len(layers) > limits.layers:
        raise Undone(Failure.ENCODING, f"{len(layers)} content codings")
    for layer in reversed(layers):
        body = _undo(body, layer, limits)
    return body


def _undo(body: bytes, layer: str, limits: Limits) -> bytes:
    if layer not in {"gzip", "x-gzip", "deflate"}:
        raise Undone(Failure.ENCODING, f"content coding {layer[:40]} was not offered")
    if not body:
        return body
    if layer == "deflate" and not _is_zlib(body):
        return _inflate(body, zlib.decompressobj(-zlib.MAX_WBITS), limits)
    return _inflate(body, zlib.decompressobj(zlib.MAX_WBITS | 32), limits)


def _is_zlib(body: bytes) -> bool:
    """Some servers send bare deflate where the standard wants zlib's envelope (RFC 1950, section 2.2)."""
    return len(body) > 1 and body[0] & 0x0F == 8 and (body[0] << 8 | body[1]) % 31 == 0


def _inflate(body: bytes, inflater: "zlib._Decompress", limits: Limits) -> bytes:
    parts: list[bytes] = []
    size = 0
    rest = body
    try:
        while rest and not inflater.eof:
            part = inflater.decompress(rest, _PIECE)
            rest = inflater.unconsumed_tail
            size += len(part)
            parts.append(part)
            if size > limits.ratio_from and size > limits.ratio * len(body):
                raise Undone(Failure.BOMB, f"more than {limits.ratio} times its size")
            if size > limits.decoded_bytes:
                raise Undone(Failure.TOO_LARGE, f"more than {limits.decoded_bytes} bytes when decoded")
    except zlib.error as error:
        raise Undone(Failure.ENCODING, str(error)) from error
    return b"".join(parts)
