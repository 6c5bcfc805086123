"""Many keys to many numbers, in little memory: what a dictionary of sets is too large for when there are ten million keys.

Two sorted columns, the keys' hashes and the numbers, are searched by halving; what is added later lies in a small
dictionary beside them. Python's own 64-bit hash of the text stands for the key: with ten million keys a strange text
meets one by accident once in some million million look-ups. Twelve octets an entry, where a set of strings takes four hundred.
"""

from array import array
from bisect import bisect_left

import numpy as np

_MASK = (1 << 64) - 1


class KeyTable:
    """``add`` at any time; ``settle`` once, when the great mass is in."""

    def __init__(self) -> None:
        self._hashes: array[int] = array("Q")
        self._numbers: array[int] = array("I")
        self._young: dict[int, list[int]] = {}

    def add(self, key: str, number: int) -> None:
        """Let ``key`` lead to ``number`` (below 2^32) as well."""
        self._young.setdefault(hash(key) & _MASK, []).append(number)

    def find(self, key: str) -> list[int]:
        """The numbers under this key."""
        wanted = hash(key) & _MASK
        found = list(self._young.get(wanted, ()))
        place = bisect_left(self._hashes, wanted)
        while place < len(self._hashes) and self._hashes[place] == wanted:
            found.append(self._numbers[place])
            place += 1
        return found

    def settle(self) -> None:
        """Move what was added into the columns."""
        count = sum(map(len, self._young.values()))
        hashes = np.fromiter((key for key, numbers in self._young.items() for _ in numbers), np.uint64, count)
        numbers = np.fromiter((number for each in self._young.values() for number in each), np.uint32, count)
        hashes = np.concatenate([np.asarray(self._hashes, np.uint64), hashes])
        numbers = np.concatenate([np.asarray(self._numbers, np.uint32), numbers])
        order = np.argsort(hashes, kind="stable")
        self._hashes, self._numbers = array("Q", hashes[order].tobytes()), array("I", numbers[order].tobytes())
        self._young = {}
