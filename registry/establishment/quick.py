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
from math import nan
from typing import TypeVar

from registry.establishment.columns import EARLIEST, FORBIDDEN, LATEST, LEVELS, MAX_NAME, MAX_TEXT, SEPARATOR, STATUSES
from registry.kernel.clock import BEIJING
from registry.policy.codes import ALPHABET, check_uscc

MAX_LIST = 1_000  # characters; longer lists of names are read slowly
MAX_KEPT = 200_000  # entries of a cache: all combinations of the country fit, a hostile file cannot fill the memory

_AUTHORITY, _ADDRESS, _PERSON, _PHONE = MAX_TEXT.values()

_TEXT = FORBIDDEN.pattern.strip("[]").replace(
    "\x00-\x1f", "\x00-\x09\x0b-\x1f"
)  # within a piece the line break is lawful
_STRANGE = re.compile(f"[{_TEXT}\x85\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")  # and every blank but the common one
_EDGES = tuple(pair for edge in ',"|\n' for pair in (f" {edge}", f"{edge} "))
_REGION = re.compile(r"[1-9]\d{5}|000000", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ", re.ASCII)

# Both check characters are sums over positions, so those of a piece of four characters can be looked up (GB 32100, GB 11714).
_MODULUS = 31
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_WEIGHTS = tuple(pow(3, place, _MODULUS) for place in range(17))
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_ORGANISATION_REST = {"0": 0, "X": 1} | {str(11 - rest): rest for rest in range(2, 11)}


K = TypeVar("K")
V = TypeVar("V")


def is_plain(text: str) -> bool:
    """Whether no cell in these lines of CSV needs trimming, normalising, or refusing for a character."""
    return (
        not _STRANGE.search(text)
        and unicodedata.is_normalized("NFC", text)
        and not (" " in text and (text.startswith(" ") or text.endswith(" ") or any(edge in text for edge in _EDGES)))
    )


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
        self._lasts = _Known(_last)
        self._closed = _Known(_closed)
        self._codes = _Known(_is_code)
        self._days = _Known(_is_day)
        self._times = _Known(_is_time)

    def accepts(self, cells: Sequence[str]) -> bool:
        """Whether these twenty cells, out of a plain text, are the canonical cells of a good row."""
        (uscc, name, aliases, shorts, formers, kind, administrative, region, level, sponsor, authority, address, person,
         phone, status, established, until, year, successor, changed) = cells  # fmt: skip
        own, part = self._first[uscc[8:12]]
        own_second, part_second = self._second[uscc[12:16]]
        return (
            self._lasts[uscc[16:]] == (
                (part + part_second) % 11, (self._heads[uscc[:8]] + own + own_second) % _MODULUS
            )
            and 0 < len(name) <= MAX_NAME
            and name[0].isalnum()
            and not ((aliases or shorts or formers) and not (_is_set(aliases) and _is_set(shorts) and _is_set(formers)))
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


def _piece(piece: str, place: int) -> tuple[float, float]:
    """The two sums of four characters of a code at a place; no number at all for what cannot stand there."""
    if len(piece) != 4 or not all(character in _VALUES for character in piece):
        return nan, nan
    own = sum(_VALUES[c] * w for c, w in zip(piece, _WEIGHTS[place:], strict=False))
    return own, sum(int(c, 36) * w for c, w in zip(piece, _ORGANISATION_WEIGHTS[place - 8 :], strict=False))


def _head(head: str) -> float:
    """The sum of department, kind and region; no number for what cannot stand there."""
    possible = len(head) == 8 and all(c in _VALUES for c in head) and head[2:].isascii() and head[2:].isdigit()
    return sum(_VALUES[c] * w for c, w in zip(head, _WEIGHTS, strict=False)) if possible else nan


def _last(last: str) -> tuple[int, int]:
    """What the sums before them must leave when divided by 11 and by 31 for the two check characters to stand there."""
    if len(last) != 2 or last[0] not in _ORGANISATION_REST or last[1] not in _VALUES or last[0] not in _VALUES:
        return -1, -1
    return _ORGANISATION_REST[last[0]], -(_VALUES[last[0]] * _WEIGHTS[16] + _VALUES[last[1]]) % _MODULUS


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


def _is_set(names: str) -> bool:
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
