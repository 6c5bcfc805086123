"""Some thousand lines of CSV as one array of bytes and the places of their cells.

Theory of operation. Taking every line of a large file apart into Python texts costs more than all that is asked of them afterwards. Here a
piece of the file stays what it is, bytes in UTF-8, and two arrays say where each of its cells begins and ends. A column of bounded width
is looked at as a matrix of bytes, one row a line, so that a check is a handful of operations on whole columns
(:mod:`registry.establishment.grid_checks`), and what is sent to the server is cut out of the piece as it stands.

A grid holds lines without quotation mark, backslash and carriage return only; their reader sees to that.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Booleans = NDArray[np.bool_]
Places = NDArray[np.int64]
Bytes = NDArray[np.uint8]
MAX_WIDTH = 32  # of a column that is looked at as a matrix; the widest, an instant, has 20 characters
_COMMA, _BREAK = ord(","), ord("\n")


class Grid:
    """``data``: whole lines, each with its break; ``numbers``: the line of the file that each row stood on.

    ``starts`` and ``ends`` are the places of the cells in ``data``, one row a line, one column a cell.
    """

    def __init__(self, data: bytes, numbers: Places, starts: Places, ends: Places) -> None:
        self.data = data
        self.numbers = numbers
        self.starts = starts
        self.ends = ends
        self.lengths = ends - starts
        self.bytes: Bytes = np.frombuffer(data + bytes(MAX_WIDTH), np.uint8)

    def __len__(self) -> int:
        return len(self.numbers)

    def only(self, wanted: Booleans) -> "Grid":
        """The rows that are wanted."""
        return Grid(self.data, self.numbers[wanted], self.starts[wanted], self.ends[wanted])

    def column(self, place: int, width: int) -> Bytes:
        """The first ``width`` bytes of a cell in each row; zeros after its end."""
        found: Bytes = sliding_window_view(self.bytes, width)[self.starts[:, place]]
        found *= np.arange(width) < self.lengths[:, place, None]
        return found

    def cell(self, row: int, place: int) -> bytes:
        """One cell."""
        return self.data[self.starts[row, place] : self.ends[row, place]]

    def cells(self, place: int) -> list[bytes]:
        """One column."""
        data = self.data
        return [data[a:b] for a, b in zip(self.starts[:, place].tolist(), self.ends[:, place].tolist(), strict=True)]

    def rows(self) -> list[tuple[int, tuple[str, ...]]]:
        """Line number and cells of each row as texts."""
        spans = zip(self.numbers.tolist(), self.starts[:, 0].tolist(), self.ends[:, -1].tolist(), strict=True)
        return [(number, tuple(self.data[a:b].decode().split(","))) for number, a, b in spans]


def cut(data: bytes, first: int, width: int) -> tuple[Grid, Sequence[int]]:
    """The lines that hold ``width`` cells, and the indexes (from 0) of all others; ``first`` is the number of the first line."""
    array: Bytes = np.frombuffer(data, np.uint8)
    marks = np.flatnonzero((array == _COMMA) | (array == _BREAK))
    breaks = marks[array[marks] == _BREAK]
    begin = np.concatenate((np.zeros(1, np.int64), breaks[:-1] + 1))
    sizes = np.diff(np.searchsorted(marks, breaks), prepend=-1)
    fitting = sizes == width
    if not fitting.all():
        marks = marks[np.repeat(fitting, sizes)]
    ends = marks.reshape(-1, width)
    starts = np.empty_like(ends)
    starts[:, 0] = begin[fitting]
    starts[:, 1:] = ends[:, :-1] + 1
    others: Any = np.flatnonzero(~fitting).tolist()
    return Grid(data, np.flatnonzero(fitting) + first, starts, ends), others


def longest_line(data: bytes) -> int:
    """The bytes of the longest line, without its break."""
    breaks = np.flatnonzero(np.frombuffer(data, np.uint8) == _BREAK)
    return int(np.diff(np.concatenate(([-1], breaks, [len(data)]))).max()) - 1
