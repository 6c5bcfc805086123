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
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from registry.establishment.columns import EARLIEST, FORBIDDEN, LATEST, LEVELS, MAX_NAME, MAX_TEXT, SEPARATOR, STATUSES
from registry.kernel.clock import BEIJING
from registry.kernel.errors import Problem
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
_ORGANISATION_CHECK = {0: "0", 1: "X"} | {rest: str(11 - rest) for rest in range(2, 11)}


def is_plain(text: str) -> bool:
    """Whether no cell in these lines of CSV needs trimming, normalising, or refusing for a character."""
    return (
        not _STRANGE.search(text)
        and unicodedata.is_normalized("NFC", text)
        and not (" " in text and (text.startswith(" ") or text.endswith(" ") or any(edge in text for edge in _EDGES)))
    )


class _Pieces(dict[str, tuple[int, int]]):
    """The two sums of four characters of a code at a place; (-1, -1) for what cannot stand there."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self._place = place

    def __missing__(self, piece: str) -> tuple[int, int]:
        sums = (-1, -1)
        if len(piece) == 4 and all(character in _VALUES for character in piece):
            own = sum(_VALUES[c] * w for c, w in zip(piece, _WEIGHTS[self._place :], strict=False))
            part = sum(int(c, 36) * w for c, w in zip(piece, _ORGANISATION_WEIGHTS[self._place - 8 :], strict=False))
            sums = (own, part)
        if len(self) < MAX_KEPT:
            self[piece] = sums
        return sums


class Quick:
    """Accepts canonical rows. One for each import: ``now`` decides what lies in the future."""

    def __init__(self, now: datetime) -> None:
        self._today = now.astimezone(BEIJING).date().isoformat()
        self._latest = (now + timedelta(days=1)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        self._years = {""} | {str(year) for year in range(EARLIEST.year, now.year + 1)}
        self._heads: dict[str, int] = {}
        self._first = _Pieces(8)
        self._second = _Pieces(12)
        self._plain: set[tuple[str, ...]] = set()
        self._codes: dict[str, bool] = {"": True}
        self._days: dict[str, bool] = {"": True}
        self._times: dict[str, bool] = {}

    def accepts(self, cells: Sequence[str]) -> bool:
        """Whether these twenty cells, out of a plain text, are the canonical cells of a good row."""
        (uscc, name, aliases, shorts, formers, kind, administrative, region, level, sponsor, authority, address, person,
         phone, status, established, until, year, successor, changed) = cells  # fmt: skip
        return (
            self._code(uscc)
            and 0 < len(name) <= MAX_NAME
            and name[0].isalnum()
            and not ((aliases or shorts or formers) and not self._lists(aliases, shorts, formers))
            and ((uscc[:2], kind, administrative, region, level, status) in self._plain
                 or self._closed((uscc[:2], kind, administrative, region, level, status)))
            and (not sponsor or (sponsor != uscc and self._other(sponsor)))
            and len(authority) <= _AUTHORITY and len(address) <= _ADDRESS and len(person) <= _PERSON and len(phone) <= _PHONE
            and self._day(established) and established <= self._today
            and self._day(until) and (not until or until >= established)
            and year in self._years
            and (not successor or (successor != uscc and self._other(successor)))
            and (not changed or self._instant(changed))
        )  # fmt: skip

    def _code(self, code: str) -> bool:
        if len(code) != 18:
            return False
        head = self._heads.get(code[:8])
        if head is None:
            head = self._head(code[:8])
        own, part = self._first[code[8:12]]
        own_second, part_second = self._second[code[12:16]]
        if head < 0 or part < 0 or part_second < 0 or _ORGANISATION_CHECK[(part + part_second) % 11] != code[16]:
            return False
        total = head + own + own_second + _VALUES.get(code[16], 0) * _WEIGHTS[16]
        return ALPHABET[-total % _MODULUS] == code[17]

    def _head(self, head: str) -> int:
        """The sum of department, kind and region; -1 for what cannot stand there."""
        possible = all(c in _VALUES for c in head) and head[2:].isascii() and head[2:].isdigit()
        value = sum(_VALUES[c] * w for c, w in zip(head, _WEIGHTS, strict=False)) if possible else -1
        if len(self._heads) < MAX_KEPT:
            self._heads[head] = value
        return value

    def _lists(self, *lists: str) -> bool:
        return all(
            not names
            or (len(names) <= MAX_LIST and SEPARATOR not in names and len(names) <= MAX_NAME)
            or _is_set(names)
            for names in lists
        )

    def _closed(self, values: tuple[str, ...]) -> bool:
        """The columns that hold one of few values, together."""
        head, kind, administrative, region, level, status = values
        good = (
            kind == head
            and administrative in ("0", "1")
            and _REGION.fullmatch(region) is not None
            and level in LEVELS
            and status in STATUSES
        )
        if good and len(self._plain) < MAX_KEPT:
            self._plain.add(values)
        return good

    def _other(self, code: str) -> bool:
        known = self._codes.get(code)
        if known is None:
            known = check_uscc(code) == code and not isinstance(code, Problem)
            if len(self._codes) < MAX_KEPT:
                self._codes[code] = known
        return known

    def _day(self, text: str) -> bool:
        known = self._days.get(text)
        if known is None:
            known = _is_day(text)
            if len(self._days) < MAX_KEPT:
                self._days[text] = known
        return known

    def _instant(self, text: str) -> bool:
        """Whole seconds of UTC."""
        if len(text) != 20 or text > self._latest or not self._day(text[:10]):
            return False
        known = self._times.get(text[10:])
        if known is None:
            known = _TIME.fullmatch(text[10:]) is not None
            if len(self._times) < MAX_KEPT:
                self._times[text[10:]] = known
        return known


def _is_set(names: str) -> bool:
    """Several names, each once, in order."""
    parts = names.split(SEPARATOR)
    return len(names) <= MAX_LIST and all(0 < len(part) <= MAX_NAME for part in parts) and parts == sorted(set(parts))


def _is_day(text: str) -> bool:
    if not _DAY.fullmatch(text):
        return False
    try:
        return EARLIEST <= date.fromisoformat(text) <= LATEST
    except ValueError:
        return False
