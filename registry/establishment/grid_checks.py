"""Which rows of a grid are canonical already: whole columns at a time, without a step of Python for a row.

The same proof as :class:`registry.establishment.quick.Quick` gives of one row, and no more of a judgement: a row that is not accepted is
read by those who know what is wrong with it. Some that are canonical are left to them too: a name of more than 200 *bytes*, one that
does not begin with a common Han character, a letter or a digit.
"""

from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from registry.establishment.columns import COLUMNS, EARLIEST, LATEST, LEVELS, MAX_NAME, MAX_TEXT, STATUSES
from registry.establishment.grid import Booleans, Bytes, Grid
from registry.establishment.quick import ORGANISATION_CHECK, ORGANISATION_WEIGHTS, WEIGHTS, is_set
from registry.kernel.clock import BEIJING
from registry.policy.codes import ALPHABET, INTERNAL_KIND, LENGTH

AT = {column: place for place, column in enumerate(COLUMNS)}
LISTS = ("short_names", "aliases", "former_names")
_INVALID = -1
_DAY, _INSTANT = len("2024-03-01"), len("2024-03-01T00:00:00Z")
_EARLIEST, _LATEST = (int(day.strftime("%Y%m%d")) for day in (EARLIEST, LATEST))
_BAR = ord("|")

Numbers = NDArray[np.int64]


def _table(characters: str) -> NDArray[np.float32]:
    """The value of each byte: its place among these characters, or :data:`_INVALID`."""
    values = np.full(256, _INVALID, np.float32)
    for value, character in enumerate(characters):
        values[ord(character)] = value
    return values


_VALUES = _table(ALPHABET)
_BASE_36 = _table("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
# sums of codes stay far below what a float32 counts exactly, and only such products are fast
_WEIGHTS_31 = np.array([*WEIGHTS, 1], np.float32)
_WEIGHTS_11 = np.array(ORGANISATION_WEIGHTS, np.float32)
_CHECKS_11 = np.frombuffer("".join(ORGANISATION_CHECK).encode(), np.uint8)
_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], np.int64)


def accepted(grid: Grid, now: datetime) -> Booleans:
    """Whether each row is canonical; ``now`` decides what lies in the future."""
    codes = grid.column(AT["uscc"], LENGTH)
    region = grid.column(AT["region"], 6)
    good = _are_codes(codes, grid.lengths[:, AT["uscc"]]) & _kinds_fit(codes, grid.column(AT["kind"], 2))
    good &= grid.lengths[:, AT["kind"]] == len(INTERNAL_KIND)
    good &= (
        (grid.lengths[:, AT["region"]] == 6)
        & _are_digits(region)
        & ((region[:, 0] != ord("0")) | (region == ord("0")).all(1))
    )
    good &= _is_one_of(grid, "administrative", ("0", "1")) & _is_one_of(grid, "level", LEVELS)
    good &= _is_one_of(grid, "status", STATUSES)
    good &= _are_names(grid) & _are_short(grid) & _are_lists(grid)
    good &= _are_others(grid, "sponsor_uscc", codes) & _are_others(grid, "successor_uscc", codes)
    return good & _are_dated(grid, now)


def _are_codes(codes: Bytes, lengths: Numbers) -> Booleans:
    values = _VALUES[codes]
    organisation = (_BASE_36[codes[:, 8:16]] @ _WEIGHTS_11).astype(np.int32) % 11
    whole = (values @ _WEIGHTS_31).astype(np.int32) % 31
    ordinary = (whole == 0) & (_CHECKS_11[organisation] == codes[:, 16])
    ordinary &= (values.min(1) > _INVALID) & (values[:, 2:8].max(1) <= 9)
    internal = (codes[:, 0] == ord("Z")) & _are_digits(codes[:, 1:])
    good: Booleans = (lengths == LENGTH) & (ordinary | internal)
    return good


def _kinds_fit(codes: Bytes, kinds: Bytes) -> Booleans:
    internal = codes[:, 0] == ord("Z")
    expected = np.where(internal[:, None], np.frombuffer(INTERNAL_KIND.encode(), np.uint8), codes[:, :2])
    return _whole(kinds == expected)


def _are_digits(cells: Bytes) -> Booleans:
    return _whole((cells >= ord("0")) & (cells <= ord("9")))


def _whole(cells: Booleans) -> Booleans:
    """Whether all cells of a row are true."""
    rows: Booleans = np.all(cells, axis=1)
    return rows


def _is_one_of(grid: Grid, column: str, choices: tuple[str, ...]) -> Booleans:
    width = max(map(len, choices))
    cells = grid.column(AT[column], width).view(f"S{width}")[:, 0]
    good = grid.lengths[:, AT[column]] <= width
    found = np.zeros(len(grid), np.bool_)
    for choice in choices:
        found |= cells == choice.encode()
    return good & found


def _are_names(grid: Grid) -> Booleans:
    """Short ones that begin with a Han character between U+4E00 and U+9FFF, an ASCII letter or a digit."""
    head = grid.column(AT["name"], 2)
    lengths = grid.lengths[:, AT["name"]]
    first, second = head[:, 0], head[:, 1]
    lower = first | 0x20
    letter = ((lower >= ord("a")) & (lower <= ord("z"))) | ((first >= ord("0")) & (first <= ord("9")))
    han = ((first >= 0xE5) & (first <= 0xE9)) | ((first == 0xE4) & (second >= 0xB8))
    good: Booleans = (lengths > 0) & (lengths <= MAX_NAME) & (letter | han)
    return good


def _are_short(grid: Grid) -> Booleans:
    good = np.ones(len(grid), np.bool_)
    for column, limit in MAX_TEXT.items():
        good &= grid.lengths[:, AT[column]] <= limit
    return good


def _are_lists(grid: Grid) -> Booleans:
    """One name, or several in order, each once."""
    good = np.ones(len(grid), np.bool_)
    bars = np.flatnonzero(grid.bytes == _BAR)
    for column in LISTS:
        place = AT[column]
        some = np.flatnonzero(grid.lengths[:, place])
        starts, ends = grid.starts[some, place], grid.ends[some, place]
        several = np.searchsorted(bars, starts) != np.searchsorted(bars, ends)
        good[some] &= several | (ends - starts <= MAX_NAME)
        for row in some[several].tolist():
            good[row] &= is_set(grid.cell(row, place).decode())
    return good


def _are_others(grid: Grid, column: str, codes: Bytes) -> Booleans:
    """Empty, or the code of another body."""
    lengths = grid.lengths[:, AT[column]]
    some = np.flatnonzero(lengths)
    good = np.ones(len(grid), np.bool_)
    if len(some):
        found = grid.column(AT[column], LENGTH)[some]
        good[some] = _are_codes(found, lengths[some]) & (found != codes[some]).any(1)
    return good


def _are_dated(grid: Grid, now: datetime) -> Booleans:
    established, established_at = _days(grid, "established_on")
    until, until_at = _days(grid, "valid_until")
    today = int(now.astimezone(BEIJING).strftime("%Y%m%d"))
    years, year_lengths = grid.column(AT["annual_report_year"], 4), grid.lengths[:, AT["annual_report_year"]]
    year = _number(years)
    yearly = (year_lengths == 4) & _are_digits(years) & (year >= EARLIEST.year) & (year <= now.year)
    good = established & (established_at <= today)
    good &= until & ((until_at == 0) | (until_at >= established_at))
    good &= ((year_lengths == 0) | yearly) & _instants(grid, now)
    return good


def _days(grid: Grid, column: str) -> tuple[Booleans, Numbers]:
    """Whether the cell is empty or a day, and the day as a number such as 20240301; 0 for none."""
    lengths = grid.lengths[:, AT[column]]
    good, day = _as_days(grid.column(AT[column], _DAY))
    return (lengths == 0) | ((lengths == _DAY) & good), np.where(lengths == 0, 0, day)


def _as_days(cells: Bytes) -> tuple[Booleans, Numbers]:
    digits = np.concatenate((cells[:, :4], cells[:, 5:7], cells[:, 8:10]), axis=1)
    day = _number(digits)
    year, month, number = day // 10_000, day // 100 % 100, day % 100
    leap = (month == 2) & (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    good = _are_digits(digits) & (cells[:, 4] == ord("-")) & (cells[:, 7] == ord("-"))
    good &= (day >= _EARLIEST) & (day <= _LATEST) & (month >= 1) & (month <= 12) & (number >= 1)
    return good & (number <= _DAYS[np.where(good, month, 0)] + leap), day


def _instants(grid: Grid, now: datetime) -> Booleans:
    """Empty, or an instant of UTC in whole seconds that is not in the future."""
    latest = (now + timedelta(days=1)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    lengths = grid.lengths[:, AT["changed_at"]]
    cells = grid.column(AT["changed_at"], _INSTANT)
    hours, minutes, seconds = (_number(cells[:, place : place + 2]) for place in (11, 14, 17))
    digits = np.concatenate((cells[:, 11:13], cells[:, 14:16], cells[:, 17:19]), axis=1)
    good = _as_days(cells[:, :_DAY])[0] & _are_digits(digits) & (hours < 24) & (minutes < 60) & (seconds < 60)
    for place, mark in ((10, "T"), (13, ":"), (16, ":"), (19, "Z")):
        good &= cells[:, place] == ord(mark)
    good &= cells.view(f"S{_INSTANT}")[:, 0] <= latest.encode()
    fine: Booleans = (lengths == 0) | ((lengths == _INSTANT) & good)
    return fine


def _number(digits: Bytes) -> Numbers:
    """The number that some digits write; any number for what are no digits."""
    width = digits.shape[1]
    powers = 10.0 ** np.arange(width - 1, -1, -1)
    return ((digits - float(ord("0"))) @ powers).astype(np.int64)
