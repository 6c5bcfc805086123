"""Characters folded for comparing many names at once: what a character looks like and what it sounds like, as arrays over code points.

``look`` maps every character to the one that stands for its class: letters of other alphabets to the Latin letter that they imitate,
accents off, variants and traditional forms to one, and Han characters that the eye confuses to the first of their group.
``sound`` maps to a number for the toneless syllable. Both are made once in a process (some 0.3 seconds) and take 1.6 MB.
Sources: the language table and glyph groups of the register (``registry.published.characters``), the groups of ``verifier.skeleton``,
the readings of ``registry.kernel.pinyin``; ``tables/shapes.zlib`` was measured (see ``tests/lookalikes/measure_shapes.py``).
"""

import unicodedata
import zlib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from registry.kernel.pinyin import sounds
from registry.published.characters import glyph_groups, variant_class
from verifier.skeleton import LETTERS, SHAPES, simplified

LIMIT = 0x30000  # planes 0 to 2 hold all that a label can be written with; what lies beyond counts as one character
BEYOND = 0xFFFD
SYLLABLES = 0x200000  # numbers of syllables begin above all code points
_HAN = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0x20000, 0x2FA20))
_WRITTEN = ((0xC0, 0x590), (0x1E00, 0x2000), (0x2E80, 0x3400), (0xF900, 0xFB00))  # letters with accents, signs like Han

Codes = np.ndarray[Any, np.dtype[np.uint32]]


def _characters(ranges: Iterable[tuple[int, int]]) -> list[str]:
    return [chr(code) for low, high in ranges for code in range(low, high) if unicodedata.category(chr(code)) != "Cn"]


@cache
def look_table() -> Codes:
    """Code point to the code point of the class that the eye sees."""
    parents: dict[str, str] = {}
    han = _characters(_HAN)
    for one, other in zip(han, variant_class("".join(han)), strict=True):
        _join(parents, other, one)
    for one, other in zip(han, simplified("\n".join(han)).split("\n"), strict=True):
        if len(other) == 1:
            _join(parents, other, one)
    for group in (*SHAPES, *glyph_groups()):
        for other in group[1:]:
            _join(parents, group[0], other)
    table = np.arange(LIMIT, dtype=np.uint32)
    for one in (*han, *_characters(_WRITTEN), *LETTERS):
        table[ord(one)] = ord(_root(parents, _plain(one)))
    return table


def _plain(character: str) -> str:
    """Without accents, and as the letter that it imitates."""
    bare = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", character).lower())[:1] or character
    return LETTERS.get(bare, LETTERS.get(character, bare))


def _root(parents: dict[str, str], character: str) -> str:
    while (above := parents.get(character, character)) != character:
        character = above
    return character


def _join(parents: dict[str, str], first: str, other: str) -> None:
    one, two = _root(parents, first), _root(parents, other)
    if one != two:
        parents[two] = one


@cache
def sound_table() -> Codes:
    """Code point to the number of its syllable; what is not read stands for its look."""
    table = look_table().copy()
    han = _characters(_HAN)
    plain = [
        new if len(new) == 1 else old for old, new in zip(han, simplified("\n".join(han)).split("\n"), strict=True)
    ]
    numbers: dict[str, int] = {}
    for one, reading in zip(han, sounds("".join(plain)), strict=True):
        if reading.isascii():
            table[ord(one)] = SYLLABLES + numbers.setdefault(reading, len(numbers))
    return table


@cache
def _alike() -> dict[str, frozenset[str]]:
    packed = (files("verifier.lookalikes") / "tables" / "shapes.zlib").read_bytes()
    lines = zlib.decompress(packed).decode().split("\n")
    return {line[0]: frozenset(line[1:]) for line in lines}


def are_alike(one: str, other: str) -> bool:
    """Whether two characters are nearly the same picture, by measure."""
    return other in _alike().get(one, ()) or one in _alike().get(other, ())
