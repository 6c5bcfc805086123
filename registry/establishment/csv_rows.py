"""Rows of a CSV file (RFC 4180 quoting, one record a line, first line = header).

There are two ways through the file. :func:`csv_rows` goes line by line. :func:`csv_entries` takes a piece of some thousand lines at
once and leaves only what is not plain to the first way; both give the same (``tests/establishment/test_quick.py``).
"""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from registry.establishment.columns import COLUMNS, canonical_cells, header_columns
from registry.establishment.lines import MAX_LINE_BYTES, Line, chunks_of, lines_of, read_lines
from registry.establishment.quick import Quick, is_plain
from registry.establishment.rows import Batch, Entry, Rejected, Row, problem, rejected
from registry.kernel.errors import Reason, Refusal


def csv_rows(path: Path, encoding: str) -> Iterator[Row | Rejected]:
    """The records of the file. Refuses (``SYNTAX_INVALID``) a file whose header is not one of the contract."""
    lines = read_lines(path, encoding)
    columns = header_columns(_header(lines))
    for line in lines:
        if isinstance(line, Rejected):
            yield line
        else:
            yield _row(line.number, _cells(line.text), columns, line.text)


def csv_entries(path: Path, encoding: str, now: datetime) -> Iterator[Batch]:
    """Every row of the file as canonical cells or rejected, a piece at a time. Refuses the same files."""
    quick = Quick(now)
    with path.open("rb") as file:
        columns = header_columns(_header(lines_of(io.BytesIO(file.readline(MAX_LINE_BYTES)), encoding)))
        for first, piece in chunks_of(file, 2):
            rows = _plain_rows(piece, encoding)
            if rows is None or columns != COLUMNS:
                yield Batch(_slow_entries(piece, encoding, first, columns, now), file.tell())
            else:
                yield Batch(_entries(rows, first, quick, now), file.tell())


def _plain_rows(piece: bytes, encoding: str) -> list[list[str]] | None:
    """The cells of each line; None when any of them needs a closer look."""
    try:
        text = piece.decode(encoding).replace("\r\n", "\n")
        if not is_plain(text):
            return None
        lines = text.removesuffix("\n").split("\n")
        rows = list(csv.reader(lines, strict=True))
    except (UnicodeDecodeError, csv.Error):
        return None
    return rows if len(rows) == len(lines) else None


def _entries(rows: list[list[str]], first: int, quick: Quick, now: datetime) -> list[Entry | Rejected]:
    accepts, width = quick.accepts, len(COLUMNS)
    return [
        (line, tuple(cells)) if len(cells) == width and accepts(cells) else _slow_entry(line, cells, COLUMNS, now)
        for line, cells in enumerate(rows, first)
        if cells
    ]


def _slow_entries(
    piece: bytes, encoding: str, first: int, columns: Sequence[str], now: datetime
) -> list[Entry | Rejected]:
    return [
        line if isinstance(line, Rejected) else _slow_entry(line.number, _cells(line.text), columns, now, line.text)
        for line in lines_of(io.BytesIO(piece), encoding, first)
    ]


def _slow_entry(
    line: int, cells: list[str] | None, columns: Sequence[str], now: datetime, text: str = ""
) -> Entry | Rejected:
    row = _row(line, cells, columns, text)
    read = row if isinstance(row, Rejected) else canonical_cells(row, now)
    return read if isinstance(read, Rejected) else (line, read)


def _header(lines: Iterator[Line | Rejected]) -> list[str]:
    first = next(lines, None)
    cells = _cells(first.text) if isinstance(first, Line) else None
    if cells is None:
        zh, en = (
            "文件没有可读的表头：第一行应是列名",
            "the file has no readable header: the first line must name the columns",
        )
        raise Refusal(Reason.SYNTAX_INVALID, zh, en, where="header")
    return cells


def _row(line: int, cells: list[str] | None, columns: Sequence[str], text: str) -> Row | Rejected:
    if cells is None:
        zh = "引号没有闭合，或一格之内有换行"
        en = "a quotation mark is not closed, or a cell holds a line break"
        return rejected(line, problem("line", text, zh, en))
    if len(cells) != len(columns):
        zh = f"应有 {len(columns)} 列，这一行有 {len(cells)} 列"
        en = f"{len(columns)} columns are expected, this row has {len(cells)}"
        return rejected(line, problem("line", text, zh, en))
    return Row(line, dict(zip(columns, cells, strict=True)))


def _cells(text: str) -> list[str] | None:
    try:
        return next(csv.reader((text,), strict=True))
    except (csv.Error, StopIteration):
        return None
