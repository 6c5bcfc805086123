"""The words of which names of public bodies are made, and two questions about a name: is it generic, what is its stem.

A name is **generic** when it can be laid out, without a gap, from known words, and the last of them is a suffix or a
ready name (教育局 = 教育 + 局). What remains of a name when places, common words and suffixes are taken away is its
**stem**: the brand (雅礼 of 雅礼中学) and the words of its function (教育 of 教育局).

Everything works on keys (index labels), so that a spelling in traditional or mixed script makes no difference. Laying
out is dynamic programming over the positions: bounded by length × longest word.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from registry.policy.naming.keys import Keyring

OFFICES = ("office",)
STRICT = ("office", "school", "hospital", "venue", "centre", "society")
BROAD = (*STRICT, "academy", "press", "fund", "upper")
MAX_LAID_OUT = 64  # a label has 63 octets at most; longer names of bodies are looked at in their first 64 characters
_GAP_COST, _WORD_COST = 10, 1  # any gap is worse than any number of words
_ORDINAL = re.compile(r"第?(?:[零〇一二三四五六七八九十百两]{1,4}|[0-9]{1,3})")
FUNCTION, WEAK, SUFFIX, ORDINAL, LEVEL, GAP = "function", "weak", "suffix", "ordinal", "level", "gap"


@dataclass(frozen=True, slots=True)
class Piece:
    """One word of a name that was laid out; ``GAP`` is one character that no word explains."""

    text: str
    role: str


class Vocabulary:
    """The compiled lists of ``tables/generic.toml``."""

    def __init__(self, source: Mapping[str, Any], ring: Keyring) -> None:
        keys = ring.key
        self.national = tuple(sorted(map(keys, source["national"]), key=len, reverse=True))
        self.levels = frozenset(map(keys, source["self_level"]))
        self.functions = frozenset(map(keys, source["functions"].split()))
        self.weak = frozenset(map(keys, source["weak"].split()))
        self.ready = frozenset(map(keys, source["names"].split()))
        self.suffixes = {name: frozenset(map(keys, words.split())) for name, words in source["suffixes"].items()}
        self.related = {keys(end): tuple(map(keys, words)) for end, words in source["related"].items()}
        self.leads = tuple(sorted(map(keys, source["leads"]["words"]), key=len, reverse=True))
        self.site_endings = tuple(sorted(map(keys, source["websites"]["endings"]), key=len, reverse=True))
        self.ordinary = frozenset(map(keys, source["ordinary"].split()))
        self._upper = tuple(self.suffixes["upper"])
        self._local_upper = tuple(word for word in self.ready if word.endswith(self._upper))
        strict, broad = self._closing(STRICT), self._closing(BROAD)
        words = (self.functions | self.weak | self.ready | broad) - self.suffixes["upper"]
        academic = tuple(self._closing(("academy", "press", "fund")))
        local = frozenset(word for word in self.ready if not word.endswith(academic))
        self._closers = {
            STRICT: strict | local,
            BROAD: broad | self.ready,
            OFFICES: self.suffixes["office"] | local,
        }
        self._words = words
        self._longest = max(map(len, words))
        self._roles = (
            dict.fromkeys(broad, SUFFIX) | dict.fromkeys(self.weak, WEAK) | dict.fromkeys(self.functions, FUNCTION)
        )
        self._roles |= dict.fromkeys(self.national, WEAK)
        self.known = frozenset(words)
        self.common = self.functions | self.weak

    def _closing(self, classes: Iterable[str]) -> frozenset[str]:
        return frozenset().union(*(self.suffixes[name] for name in classes))

    def is_generic(self, key: str, classes: tuple[str, ...] = BROAD) -> bool:
        """Whether known words alone make up the name; a word for "our level" (市, 县, 全省) may stand in front."""
        if not key or len(key) > MAX_LAID_OUT:
            return False
        if key in self.ready:
            return True
        if classes != BROAD and key.endswith(self._upper) and not key.endswith(self._local_upper):
            return False
        starts = [level for level in self.levels if key.startswith(level) and len(level) < len(key)]
        return any(self._lays_out(key[len(start) :], classes) for start in ("", *starts))

    def class_of(self, key: str) -> str:
        """The class of the longest suffix of the name, or empty."""
        found = [(len(w), name) for name, words in self.suffixes.items() for w in words if key.endswith(w)]
        return max(found)[1] if found else ""

    def without_level(self, key: str) -> str:
        """A generic name without the word for "our level" in front (市教育局: 教育局); any other name as it is."""
        if key in self.ready or not self.is_generic(key):
            return key
        levels = (level for level in self.levels if key.startswith(level) and self.is_generic(key[len(level) :]))
        return key[len(max(levels, key=len, default="")) :]

    def _lays_out(self, key: str, classes: tuple[str, ...]) -> bool:
        closers, size = self._closers[classes], len(key)
        reached = [True] + [False] * size
        for start in range(size):
            if not reached[start]:
                continue
            if key[start:] in closers:
                return True
            for end in self._ends(key, start):
                reached[end] = True
        return False

    def _ends(self, key: str, start: int) -> list[int]:
        stop = min(len(key), start + self._longest)
        ends = [end for end in range(start + 1, stop + 1) if key[start:end] in self._words]
        ordinal = _ORDINAL.match(key, start)
        return ends if ordinal is None else [*ends, ordinal.end()]

    def lay_out(self, key: str) -> tuple[Piece, ...]:
        """The name as words, with as few gaps and then as few words as possible."""
        key = key[:MAX_LAID_OUT]
        size = len(key)
        costs: list[int] = [0] + [size * (_GAP_COST + 1)] * size
        back: list[tuple[int, str]] = [(0, GAP)] * (size + 1)
        for start in range(size):
            self._relax(key, start, costs, back)
        pieces: list[Piece] = []
        end = size
        while end:
            start, role = back[end]
            pieces.append(Piece(key[start:end], role))
            end = start
        return _with_lone_characters_joined(tuple(reversed(pieces)))

    def _relax(self, key: str, start: int, costs: list[int], back: list[tuple[int, str]]) -> None:
        steps = [(start + 1, GAP, _GAP_COST)]
        for end in range(start + 1, min(len(key), start + self._longest) + 1):
            role = self._roles.get(key[start:end])
            if role is not None:
                steps.append((end, role, _WORD_COST))
        ordinal = _ORDINAL.match(key, start)
        if ordinal is not None:
            steps.append((ordinal.end(), ORDINAL, _WORD_COST))
        for end, role, cost in steps:
            if costs[start] + cost < costs[end]:
                costs[end] = costs[start] + cost
                back[end] = (start, role)

    def without_site_ending(self, key: str) -> str:
        """The name without its website ending (…网, …门户, …在线), or empty when it has none."""
        for ending in self.site_endings:
            if key.endswith(ending) and len(key) > len(ending):
                return key[: -len(ending)]
        return ""

    def site_stems(self, key: str) -> list[str]:
        """Every way of taking a website ending off, the longest ending first."""
        return [key[: -len(e)] for e in self.site_endings if key.endswith(e) and len(key) > len(e)]

    def begins_national(self, key: str) -> bool:
        """Whether the name begins with a word that stands for the whole country."""
        return key.startswith(self.national)

    def behind_national(self, key: str) -> str:
        """What follows the word for the whole country in front, or empty."""
        return next((key[len(word) :] for word in self.national if key.startswith(word)), "")

    def lead_of(self, key: str) -> str:
        """The words in front of the place in names of organs built from the top (中国共产党, 国家税务总局), or empty."""
        return next((lead for lead in self.leads if key.startswith(lead)), "")


def _with_lone_characters_joined(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """和 beside a gap is no "and" but a part of the brand: 协和 is one word that no list explains."""
    gap = [piece.role == GAP for piece in pieces]
    lone = [len(piece.text) == 1 and piece.role in (WEAK, ORDINAL) for piece in pieces]
    joined = []
    for i, piece in enumerate(pieces):
        beside = (i > 0 and gap[i - 1]) or (i + 1 < len(pieces) and gap[i + 1])
        joined.append(Piece(piece.text, GAP) if lone[i] and beside else piece)
    return tuple(joined)
