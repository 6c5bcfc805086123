"""What the register's own tables say about single characters: which are variants of each other, which are alike to the eye.

The variants are those of the language table that decides uniqueness (RFC 3743, RFC 7940); the groups are the naming policy's.
"""

import csv
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from registry.policy.idn.compact import shipped_table
from registry.policy.idn.label import index_of

_TABLES = files("registry.policy.tables")
_GLYPHS, _WORDS, _PLACES = "glyphs.txt", "generic.toml", "gazetteer.csv"


def variant_class(text: str) -> str:
    """The text with each character replaced by the one that stands for its class of variants; of the same length."""
    return index_of(text, shipped_table())


@cache
def glyph_groups() -> tuple[str, ...]:
    """Groups of characters that look alike and are no variants of each other."""
    lines = (_TABLES / _GLYPHS).read_text("utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))


@cache
def ordinary_pairs() -> frozenset[str]:
    """Pairs of neighbouring characters that stand in the name of a place, past or present, or in a word of which names of bodies are made.

    A name with one character that makes none of these with its neighbours was not made by the people who name bodies.
    """
    words = (word for text in _texts(tomllib.loads((_TABLES / _WORDS).read_text("utf-8"))) for word in text.split())
    lines = (_TABLES / _PLACES).read_text("utf-8").splitlines()
    places = (row["name"] for row in csv.DictReader(line for line in lines if not line.startswith("#")))
    return frozenset(a + b for word in (*words, *places) for a, b in pairwise(word))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)
