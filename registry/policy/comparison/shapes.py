"""A name as it is compared: without its places, with synonyms made one, with what tells siblings apart set aside. Pure.

Theory of operation. The key of a name (:class:`~registry.policy.naming.keys.Keyring`) is one spelling for simplified and traditional
script, full and half width, with and without brackets. The gazetteer reads the places that it begins with (湖南省长沙市长沙县);
what stays is the *core*. A bare stem (长沙, 东方) is a place only where the body lies, so 东方红小学 in Hunan keeps its name.
Numbers are written one way (第一, 第1, 一中), because 第一中学 and 第二中学 are as alike as names can be and are two schools.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from registry.policy.comparison import words
from registry.policy.naming.keys import Keyring
from registry.policy.naming.places import Gazetteer, Match
from registry.policy.naming.tables import shipped_tables

KEPT = 1 << 17  # shapes kept, some forty megabytes: the names of the largest prefecture are asked for again and again
_PREFECTURE = 4
_IN_PREPARATION = re.compile(r"[(（﹙]\s*筹[建备]?\s*[)）﹚]\s*$")  # 某学会（筹）


@dataclass(frozen=True, slots=True)
class Shape:
    """``core`` without places; ``places`` the codes that the last place of the name may mean, ``stem`` that place without its ending.

    ``marks`` are the numbers and directions that stand in the core, sorted; ``kind`` the word at its end that says what it is.
    """

    plain: str
    core: str
    places: frozenset[str] = frozenset()
    stem: str = ""
    marks: tuple[str, ...] = ()
    kind: str = ""

    @property
    def pairs(self) -> tuple[str, ...]:
        """Neighbouring characters of the core, with its beginning and its end."""
        edged = f"^{self.core}$"
        return tuple(edged[place : place + 2] for place in range(len(edged) - 1))


class Shaper:
    """Makes shapes. Built once from the tables that ship with the product."""

    def __init__(self, ring: Keyring, gazetteer: Gazetteer) -> None:
        key = self.key = ring.key
        self._gazetteer = gazetteer
        self._synonyms = [(key(long), key(short)) for long, short in words.SYNONYMS]
        self._types = sorted({key(word) for word in words.TYPES}, key=len, reverse=True)
        self._endings = sorted({key(word) for word in words.PLACE_ENDINGS}, key=len, reverse=True)
        self._marks = frozenset(key(words.MARKS))
        digits = key(words.NUMERALS)
        self._digits = {digit: str(value) for value, digit in enumerate(digits)}
        ten, hundred, ordinal = key(words.TEN), key(words.HUNDRED), key(words.ORDINAL)
        self._ten, self._hundred, self._ordinal = ten, hundred, ordinal
        numerals = f"[{digits}{ten}{hundred}]+"
        self._counted = re.compile(rf"{ordinal}({numerals}|\d+)")
        schools = {key(short): key(long) for short, long in words.SHORT_SCHOOLS}
        self._schools = schools
        self._short_school = re.compile(rf"^({numerals}|\d+)({'|'.join(schools)})$")
        self._number = re.compile(rf"\d+|{numerals}")
        self._shapes: dict[tuple[str, str], Shape] = {}

    def shape(self, name: str, region: str) -> Shape:
        """The shape of a name that a body of this region bears; the same for every spelling of it."""
        asked = (name, region[:_PREFECTURE])
        known = self._shapes.get(asked)
        if known is None:
            if len(self._shapes) >= KEPT:
                self._shapes.clear()
            known = self._shapes[asked] = self._made(name, region)
        return known

    def _made(self, name: str, region: str) -> Shape:
        key = self.key(_IN_PREPARATION.sub("", name))
        plain = "".join(character for character in key if character.isalnum())
        chain = self._gazetteer.read(plain)
        matches, rest = chain.matches, chain.rest
        if any(not _is_place(match, region) for match in matches) or not rest:
            matches, rest = (), plain[len(chain.lead) :]
        core = self._core(chain.lead + rest)
        last = matches[-1] if matches else None
        return Shape(
            plain,
            core,
            frozenset(place.code for place in last.places) if last else frozenset(),
            self._stem(last.text) if last else "",
            self._marks_of(core),
            next((word for word in self._types if core.endswith(word)), ""),
        )

    def fold(self, label: str) -> str:
        """The key of a name with long words made short."""
        for long, short in self._synonyms:
            if long in label:
                label = label.replace(long, short)
        return label

    def _core(self, text: str) -> str:
        text = self.fold(text)
        text = self._counted.sub(lambda found: self._ordinal + self._value(found[1]), text)
        return self._short_school.sub(
            lambda found: self._ordinal + self._value(found[1]) + self._schools[found[2]], text
        )

    def _value(self, numeral: str) -> str:
        """A number up to 999 as digits; what is none stays as it is."""
        if numeral.isascii():
            return numeral.lstrip("0") or "0"
        if not set(numeral) & {self._ten, self._hundred}:
            return "".join(self._digits[digit] for digit in numeral).lstrip("0") or "0"
        hundreds, _, below = numeral.rpartition(self._hundred)
        tens, has_ten, ones = below.rpartition(self._ten)
        value = (self._digit(hundreds, 1) * 100 if hundreds or self._hundred in numeral else 0) + (
            self._digit(tens, 1) * 10 if has_ten else 0
        )
        return str(value + self._digit(ones, 0))

    def _digit(self, numeral: str, empty: int) -> int:
        return int(self._digits.get(numeral[-1:], empty))

    def _marks_of(self, core: str) -> tuple[str, ...]:
        body = core[: -len(kind)] if (kind := next((w for w in self._types if core.endswith(w)), "")) else core
        numbers = [self._value(found) for found in self._number.findall(body)]
        return tuple(sorted([*numbers, *(character for character in body if character in self._marks)]))

    def _stem(self, text: str) -> str:
        return next(
            (text[: -len(end)] for end in self._endings if text.endswith(end) and len(text) > len(end) + 1), text
        )


def _is_place(match: Match, region: str) -> bool:
    """Whether it is meant as a place: a full name always, a bare stem only where the body lies."""
    if not match.bare:
        return True
    return bool(region) and any(_is_near(place.code, region) for place in match.places)


def _is_near(place: str, region: str) -> bool:
    if place.endswith("0000"):
        return place[:2] == region[:2]
    return place[:_PREFECTURE] == region[:_PREFECTURE]


@cache
def shipped_shaper() -> Shaper:
    """The one over the tables that ship with the product; built in half a second."""
    tables = shipped_tables()
    return Shaper(tables.ring, tables.gazetteer)


def shapes_of(names: Sequence[str], region: str) -> tuple[Shape, ...]:
    """The shapes of several names of one body."""
    shaper = shipped_shaper()
    return tuple(shaper.shape(name, region) for name in names)
