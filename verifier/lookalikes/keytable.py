"""Numbers under which many names are found: polynomial keys of rows of characters, and a sorted table with a bitmap before it.

Theory of operation. A dictionary of a million names with ten keys each costs gigabytes and a pointer chase a key. Here a key is a 64-bit
number, the table two flat arrays in order of the key (12 octets an entry), and before it lies a bitmap of the keys' upper bits in which some
19 of 20 strangers already end; only the rest pay for a binary search. Keys are polynomials modulo 2^64 over well mixed characters, so the keys
of a row with any one character left out come from the same running sums: one multiplication by the inverse a place. Two rows with one key
need not be equal; whoever finds one compares the texts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from verifier.lookalikes.folds import BEYOND, LIMIT, Codes

WIDTH = 40  # characters that count; longer names are told apart by their first forty and their length
MAX_OF_KEY = 12  # names under one key that are handed out; a slot where more names differ identifies nobody
BITS_PER_KEY = 16  # of the bitmap, two to the power of four
_MULTIPLIER = 0x9E3779B97F4A7C15  # odd, so it has an inverse; the golden ratio spreads neighbours

Keys = np.ndarray[Any, np.dtype[np.uint64]]
Ids = np.ndarray[Any, np.dtype[np.uint32]]
Places = np.ndarray[Any, np.dtype[np.int64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

_POWERS = np.array([pow(_MULTIPLIER, n, 1 << 64) for n in range(WIDTH)], np.uint64)
_INVERSE = np.uint64(pow(_MULTIPLIER, -1, 1 << 64))


def as_codes(texts: Sequence[str]) -> Codes:
    """One row of :data:`WIDTH` code points a text, filled up with zeros."""
    codes = np.array(texts, dtype=f"<U{WIDTH}").view(np.uint32).reshape(len(texts), WIDTH)
    return np.where(codes < LIMIT, codes, BEYOND)


@dataclass(frozen=True, slots=True)
class Rows:
    """Running sums of rows, from which all keys come."""

    sums: Keys
    lengths: Places

    @property
    def keys(self) -> Keys:
        """The key of each row."""
        return self.sums[:, -1]

    def shortened(self) -> tuple[Keys, Places]:
        """The keys of the rows with one character left out, and the row of each."""
        before = np.concatenate([np.zeros((len(self.sums), 1), np.uint64), self.sums[:, :-1]], axis=1)
        keys = before + (self.keys[:, None] - self.sums) * _INVERSE
        there = np.arange(WIDTH) < self.lengths[:, None]
        return keys[there], np.nonzero(there)[0]


def rows_of(codes: Codes) -> Rows:
    """The sums of rows that may hold zeros only at their ends."""
    mixed = codes.astype(np.uint64)
    for factor, shift in ((0xBF58476D1CE4E5B9, 29), (0x94D049BB133111EB, 32)):  # the constants of splitmix64
        mixed *= np.uint64(factor)
        mixed ^= mixed >> np.uint64(shift)
    mixed *= _POWERS
    mixed[codes == 0] = 0
    return Rows(np.cumsum(mixed, axis=1, dtype=np.uint64), np.count_nonzero(codes, axis=1))


class KeyTable:
    """Keys in order, each with the number of a name. Does not change."""

    def __init__(self, keys: Keys, ids: Ids) -> None:
        order = np.argsort(keys)
        self._keys = keys[order]
        self._ids = ids[order]
        del order  # as large as the keys
        size = max(10, (max(len(keys), 1) * BITS_PER_KEY - 1).bit_length())
        self._shift = np.uint64(64 - size)
        self._bitmap = np.zeros(1 << (size - 3), np.uint8)
        self._mark()

    def _mark(self) -> None:
        if not len(self._keys):
            return
        upper = self._keys >> self._shift
        octets = (upper >> np.uint64(3)).astype(np.int64)
        bits = (np.uint8(1) << (upper & np.uint64(7)).astype(np.uint8)).astype(np.uint8)
        starts = np.flatnonzero(np.diff(octets, prepend=-1))
        self._bitmap[octets[starts]] = np.bitwise_or.reduceat(bits, starts)

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def octets(self) -> int:
        """Memory held."""
        return int(self._keys.nbytes + self._ids.nbytes + self._bitmap.nbytes)

    def find(self, asked: Keys) -> tuple[Places, Ids]:
        """Pairs (place in ``asked``, number of a name), at most :data:`MAX_OF_KEY` a key."""
        upper = asked >> self._shift
        bits = self._bitmap[(upper >> np.uint64(3)).astype(np.int64)] >> (upper & np.uint64(7)).astype(np.uint8)
        places = np.flatnonzero(bits & 1)
        places = places[
            np.argsort(asked[places])
        ]  # a search for the next key then starts where the last one ended, in the cache
        first = np.searchsorted(self._keys, asked[places], "left")
        there = first < len(self._keys)
        places, first = places[there], first[there]
        there = self._keys[first] == asked[places]
        places, first = places[there], first[there]
        counts = np.minimum(np.searchsorted(self._keys, asked[places], "right") - first, MAX_OF_KEY)
        inner = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        return np.repeat(places, counts), self._ids[np.repeat(first, counts) + inner]

    def holds(self, asked: Keys) -> Flags:
        """Whether each key is there."""
        found = np.zeros(len(asked), np.bool_)
        found[self.find(asked)[0]] = True
        return found
