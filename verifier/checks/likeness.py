"""How alike two pages are: 64-bit similarity hashes. Pure, and the one place of the verifier that computes with arrays.

Every shingle (four characters, or four tags) is hashed, every bit of the result is the majority of the shingles' bits, so pages that share most
shingles differ in few bits (M. Charikar, 2002). Digits are one character and white space is none, so dates, counters and layout do not count.
"""

import hashlib
import re
import zlib
from collections.abc import Iterable

import numpy as np

BITS = 64
MAX_SHINGLES = 200_000  # of one page; a longer text is judged by its beginning
_A, _B, _C, _D, _E = (
    np.uint64(x)
    for x in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5, 0xBF58476D1CE4E5B9)
)
_DIGITS = re.compile(r"\d+")
_SPACE = re.compile(r"\s+")


def plain_text(text: str) -> str:
    """The text as it is compared: runs of digits are ``0``, white space goes."""
    return _DIGITS.sub("0", _SPACE.sub("", text))


def text_hash(text: str) -> int:
    """The hash of a text that :func:`plain_text` made; 0 of an empty one."""
    return _hash(np.frombuffer(text[:MAX_SHINGLES].encode("utf-32-le", "replace"), dtype=np.uint32)) if text else 0


def sequence_hash(words: Iterable[str]) -> int:
    """The hash of a sequence of short words, such as tags."""
    known: dict[str, int] = {}
    numbers = [known.get(word) or known.setdefault(word, zlib.crc32(word.encode()) | 1) for word in words]
    return _hash(np.array(numbers[:MAX_SHINGLES], dtype=np.uint32)) if numbers else 0


def _hash(codes: "np.ndarray[tuple[int, ...], np.dtype[np.uint32]]") -> int:
    wide = np.pad(codes, (0, max(0, 4 - len(codes)))).astype(np.uint64)
    mixed = (wide[:-3] * _A) ^ (wide[1:-2] * _B) ^ (wide[2:-1] * _C) ^ (wide[3:] * _D)
    mixed ^= mixed >> np.uint64(29)
    mixed *= _E
    mixed ^= mixed >> np.uint64(32)
    bits = np.unpackbits(mixed.view(np.uint8)).reshape(-1, BITS)
    ones = bits.sum(axis=0, dtype=np.int64)
    return int.from_bytes(np.packbits(ones * 2 > len(mixed)).tobytes(), "big")


def likeness(one: int, other: int) -> int:
    """Percent of equal bits: 100 is the same, about 50 is unrelated."""
    return round(100 * (BITS - (one ^ other).bit_count()) / BITS)


def digest_of(lines: Iterable[str]) -> str:
    """SHA-256 (hexadecimal) of a set of lines, whatever their order."""
    return hashlib.sha256("\n".join(sorted(set(lines))).encode("utf-8", "replace")).hexdigest()


def picture_hash(gray: bytes, side: int = 32) -> int:
    """The 64-bit perceptual hash of a picture of ``side`` by ``side`` grey values: signs of its low frequencies against their median."""
    pixels = np.frombuffer(gray, dtype=np.uint8).reshape(side, side).astype(np.float64)
    steps = np.arange(side)
    cosines = np.cos(np.pi * np.outer(np.arange(8), 2 * steps + 1) / (2 * side))
    low = (cosines @ pixels @ cosines.T).flatten()
    middle = np.median(low[1:])
    return int.from_bytes(np.packbits(low > middle).tobytes(), "big")


def changed_share(one: bytes, other: bytes, threshold: int = 30) -> int:
    """Percent of grey values that differ by more than ``threshold`` of 255; 100 when the sizes differ."""
    a, b = np.frombuffer(one, dtype=np.uint8), np.frombuffer(other, dtype=np.uint8)
    if len(a) != len(b) or not len(a):
        return 100
    return round(100 * float(np.mean(np.abs(a.astype(np.int16) - b.astype(np.int16)) > threshold)))
