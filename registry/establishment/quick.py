"""Rows that are canonical already, told apart from all others at a tenth of the price of reading them.

Theory of operation. Nearly every row of a large file was written by a program and stands there in exactly the form that
``write_cells`` would give it: nothing to trim, to map, to sort or to complain about. To prove that of a row takes a dozen dictionary
look-ups, because most columns hold one of few values (days, kinds, regions, sponsors) and the sums of a code are those of
its pieces. :class:`Quick` proves it or does not; it never decides that a row is bad. Whatever it does not accept is read by
``columns.canonical_cells``, which alone knows what is wrong and why, so the two can never disagree about a row: a property test
holds every accepted row against the slow reader.

Text is checked in pieces of many rows (:func:`is_plain`): forbidden characters, normal form, blanks at the edge of a cell.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TypeVar

import numpy as np

from registry.establishment.columns import (
    EARLIEST,
    FORBIDDEN,
    FORMULA_MARK,
    LATEST,
    LEVELS,
    MAX_NAME,
    MAX_TEXT,
    SEPARATOR,
    STATUSES,
)
from registry.kernel.clock import BEIJING
from registry.policy.codes import ALPHABET, check_uscc

MAX_LIST = 1_000  # characters; longer lists of names are read slowly
MAX_KEPT = 200_000  # entries of a cache: all combinations of the country fit, a hostile file cannot fill the memory

_AUTHORITY, _ADDRESS, _PERSON, _PHONE = MAX_TEXT.values()

_TEXT = FORBIDDEN.pattern.strip("[]").replace(
    "\x00-\x1f", "\x00-\x09\x0b-\x1f"
)  # within a piece the line break is lawful
_STRANGE = re.compile(f"[{_TEXT}\x85\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")  # and every blank but the common one
_FORMULAS = tuple(f"{edge}{FORMULA_MARK}" for edge in ',"\n')
_EDGES = tuple(pair for edge in ',"|\n' for pair in (f" {edge}", f"{edge} "))
# below U+0300, general and Chinese punctuation, the Han characters of the basic plane, full-width ASCII: all stand in NFC as they are
_COMMON_RANGES = ((0x0A, 0x2FF), (0x2010, 0x2027), (0x3001, 0x3029), (0x3400, 0x9FFF), (0xFF01, 0xFF5E))
_COMMON = np.zeros(0x10000, np.bool_)
for _first, _last in _COMMON_RANGES:
    _COMMON[_first : _last + 1] = [not _STRANGE.match(chr(code)) for code in range(_first, _last + 1)]

_REGION = re.compile(r"[1-9]\d{5}|000000", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ", re.ASCII)

# Both check characters are sums over positions, so those of a piece of four characters can be looked up (GB 32100, GB 11714).
_MODULUS = 31
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
WEIGHTS = tuple(pow(3, place, _MODULUS) for place in range(17))
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
ORGANISATION_CHECK = ("0", "X", *(str(11 - rest) for rest in range(2, 11)))

K = TypeVar("K")
V = TypeVar("V")


def is_plain(text: str) -> bool:
    """Whether no cell in these lines of CSV needs trimming, normalising, or refusing for a character."""
    return (
        (_is_common(text) or (not _STRANGE.search(text) and unicodedata.is_normalized("NFC", text)))
        and not (FORMULA_MARK in text and (text.startswith(FORMULA_MARK) or any(edge in text for edge in _FORMULAS)))
        and not (" " in text and (text.startswith(" ") or text.endswith(" ") or any(edge in text for edge in _EDGES)))
    )


def _is_common(text: str) -> bool:
    """Whether all its characters are such as neither are forbidden nor change beside any other: a look-up for each, instead of two searches."""
    return bool(_COMMON[np.frombuffer(text.encode("utf-16-le", "replace"), np.uint16)].all())


class _Known(dict[K, V]):
    """Answers that were worked out once, up to :data:`MAX_KEPT` of them; a hit costs a look-up and no call."""

    def __init__(self, answer: Callable[[K], V]) -> None:
        super().__init__()
        self._answer = answer

    def __missing__(self, key: K) -> V:
        value = self._answer(key)
        if len(self) < MAX_KEPT:
            self[key] = value
        return value


class Quick:
    """Accepts canonical rows. One for each import: ``now`` decides what lies in the future."""

    def __init__(self, now: datetime) -> None:
        self._today = now.astimezone(BEIJING).date().isoformat()
        self._latest = (now + timedelta(days=1)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        self._years = {""} | {str(year) for year in range(EARLIEST.year, now.year + 1)}
        self._heads = _Known(_head)
        self._first = _Known(partial(_piece, place=8))
        self._second = _Known(partial(_piece, place=12))
        self._tails = _Known(_tail)
        self._closed = _Known(_closed)
        self._codes = _Known(_is_code)
        self._days = _Known(_is_day)
        self._times = _Known(_is_time)

    def accepts(self, cells: Sequence[str]) -> bool:
        """Whether these twenty cells, out of a plain text, are the canonical cells of a good row."""
        (uscc, name, aliases, shorts, formers, kind, administrative, region, level, sponsor, authority, address, person,
         phone, status, established, until, year, successor, changed) = cells  # fmt: skip
        return (
            self._tails[self._heads[uscc[:8]] + self._first[uscc[8:12]] + self._second[uscc[12:16]]] == uscc[16:]
            and 0 < len(name) <= MAX_NAME
            and name[0].isalnum()
            and not ((aliases or shorts or formers) and not (is_set(aliases) and is_set(shorts) and is_set(formers)))
            and self._closed[uscc[:2], kind, administrative, region, level, status]
            and (not sponsor or (sponsor != uscc and self._codes[sponsor]))
            and len(authority) <= _AUTHORITY and len(address) <= _ADDRESS and len(person) <= _PERSON and len(phone) <= _PHONE
            and (not established or (self._days[established] and established <= self._today))
            and (not until or (self._days[until] and until >= established))
            and year in self._years
            and (not successor or (successor != uscc and self._codes[successor]))
            and (not changed or (
                changed <= self._latest and self._days[changed[:10]] and self._times[changed[10:]]
            ))
        )  # fmt: skip


# The two sums of a code in one number, the organisation code's times 128: that of the whole stays below 4 * 31, and what cannot stand in
# a code counts so much that no tail belongs to it.
_PART = 128
_NEVER = 1 << 20


def _piece(piece: str, place: int) -> int:
    """The sums of four characters of a code at a place."""
    if len(piece) != 4 or not all(character in _VALUES for character in piece):
        return _NEVER
    own = sum(_VALUES[c] * w for c, w in zip(piece, WEIGHTS[place:], strict=False))
    part = sum(int(c, 36) * w for c, w in zip(piece, ORGANISATION_WEIGHTS[place - 8 :], strict=False))
    return own % _MODULUS + part % 11 * _PART


def _head(head: str) -> int:
    """The sum of department, kind and region."""
    possible = len(head) == 8 and all(c in _VALUES for c in head) and head[2:].isascii() and head[2:].isdigit()
    return sum(_VALUES[c] * w for c, w in zip(head, WEIGHTS, strict=False)) % _MODULUS if possible else _NEVER


def _tail(sums: int) -> str:
    """The two check characters that belong to the sums of what stands before them."""
    if sums >= _NEVER:
        return ""
    part, own = divmod(sums, _PART)
    organisation = ORGANISATION_CHECK[part % 11]
    return organisation + ALPHABET[-(own + _VALUES[organisation] * WEIGHTS[16]) % _MODULUS]


def _closed(values: tuple[str, ...]) -> bool:
    """The columns that hold one of few values, together."""
    head, kind, administrative, region, level, status = values
    return (
        kind == head
        and administrative in ("0", "1")
        and _REGION.fullmatch(region) is not None
        and level in LEVELS
        and status in STATUSES
    )


def _is_code(code: str) -> bool:
    return check_uscc(code) == code


def is_set(names: str) -> bool:
    """No name, one, or several, each once, in order."""
    if SEPARATOR not in names:
        return len(names) <= MAX_NAME
    parts = names.split(SEPARATOR)
    return len(names) <= MAX_LIST and all(0 < len(part) <= MAX_NAME for part in parts) and parts == sorted(set(parts))


def _is_day(text: str) -> bool:
    if not _DAY.fullmatch(text):
        return False
    try:
        return EARLIEST <= date.fromisoformat(text) <= LATEST
    except ValueError:
        return False


def _is_time(text: str) -> bool:
    """Whole seconds of UTC."""
    return _TIME.fullmatch(text) is not None
