"""Repeatable chance for synthetic bodies.

Only ``Random.random`` is used: it is the one method whose sequence Python promises to keep for a seed across versions
and platforms (``choice`` and ``shuffle`` may change), so the same seed gives the same file on every machine. This is
no source of secrets; whatever must not be guessed comes from ``registry.kernel.ids``.
"""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

_Item = TypeVar("_Item")

_STEP = 61_803_399  # odd and no multiple of 5, so multiples of it walk through every residue of a power of ten
_WORD_STEP = 7_919  # prime, so it walks through every word of a list whose length it does not divide


class Chance:
    """A seeded stream of choices."""

    def __init__(self, seed: int) -> None:
        self._draw = Random(seed).random  # noqa: S311 - repeatable test data, not a secret

    def below(self, limit: int) -> int:
        """A number from 0 to ``limit`` - 1."""
        return int(self._draw() * limit)

    def between(self, low: int, high: int) -> int:
        """A number from ``low`` to ``high``, both included."""
        return low + int(self._draw() * (high - low + 1))

    def pick(self, items: Sequence[_Item]) -> _Item:
        """One of the items."""
        return items[int(self._draw() * len(items))]

    def yes(self, probability: float) -> bool:
        """True in about ``probability`` of the calls."""
        return self._draw() < probability

    def shuffled(self, items: Sequence[_Item]) -> list[_Item]:
        """The items in another order (Fisher and Yates)."""
        mixed = list(items)
        for last in range(len(mixed) - 1, 0, -1):
            other = self.below(last + 1)
            mixed[last], mixed[other] = mixed[other], mixed[last]
        return mixed


class Serials:
    """Numbers of eight digits in scattered order, none twice within :data:`SPACE`."""

    SPACE = 10**8

    def __init__(self, chance: Chance) -> None:
        self._next = chance.below(self.SPACE)

    def draw(self) -> str:
        """The next number, with leading zeros."""
        self._next = (self._next + _STEP) % self.SPACE
        return f"{self._next:08d}"


class Words:
    """Proper-name words from two lists of characters, none twice; after all pairs, numbers follow the pairs."""

    def __init__(self, chance: Chance, heads: str, tails: str) -> None:
        self._heads, self._tails = heads, tails
        self._size = len(heads) * len(tails)
        self._start = chance.below(self._size)
        self._count = 0

    def draw(self) -> str:
        """The next word: two characters, for example 和兴."""
        turn, index = divmod(self._count, self._size)
        self._count += 1
        place = (self._start + index * _WORD_STEP) % self._size
        word = self._heads[place // len(self._tails)] + self._tails[place % len(self._tails)]
        return word if turn == 0 else f"{word}{numeral(turn + 1)}"


_DIGITS = "零一二三四五六七八九"


def numeral(number: int) -> str:
    """The number in Chinese characters as it stands in names (第三中学, 第十二小学); from 100 on digit by digit."""
    if number >= 100:
        return "".join(_DIGITS[int(digit)] for digit in str(number))
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else f"{_DIGITS[tens]}十")
    return head + (_DIGITS[ones] if ones or not tens else "")
