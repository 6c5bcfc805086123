"""Rows of a CSV file (RFC 4180 quoting, one record a line, first line = header).

There are two ways through the file. :func:`csv_rows` goes line by line. :func:`csv_entries` takes a piece of some thousand lines at
once and leaves only what is not plain to the first way; both give the same (``tests/establishment/test_quick.py``).
"""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import compress
from pathlib import Path

from registry.establishment.columns import COLUMNS, canonical_cells, header_columns
from registry.establishment.lines import MAX_LINE_BYTES, Line, chunks_of, lines_of, read_lines
from registry.establishment.quick import Quick, is_plain
from registry.establishment.rows import Batch, Entry, Plain, Rejected, Row, problem, rejected
from registry.kernel.errors import Reason, Refusal

_WIDTH = len(COLUMNS)


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
            text = _plain_text(piece, encoding) if columns == COLUMNS else None
            if text is None:
                yield Batch(_slow_entries(piece, encoding, first, columns, now), file.tell())
            else:
                yield _batch(text, first, quick, now, file.tell())


def _plain_text(piece: bytes, encoding: str) -> str | None:
    """The lines as one text; None when any of them needs a closer look."""
    try:
        text = piece.decode(encoding).replace("\r\n", "\n").removesuffix("\n")
    except UnicodeDecodeError:
        return None
    return text if is_plain(text) and max(map(len, piece.split(b"\n"))) <= MAX_LINE_BYTES else None


def _batch(text: str, first: int, quick: Quick, now: datetime, position: int) -> Batch:
    lines = text.split("\n")
    bare = '"' not in text and "\\" not in text
    try:
        rows = [line.split(",") for line in lines] if bare else list(csv.reader(lines, strict=True))
    except csv.Error:
        rows = []
    if len(rows) != len(lines):  # a quotation mark is open somewhere
        found = [
            _slow_entry(first + at, _cells(line), COLUMNS, now, line) for at, line in enumerate(lines) if line.strip()
        ]
        return Batch(found, position)
    if not bare:
        return Batch(_entries(rows, first, quick, now), position)
    if all(len(row) == _WIDTH for row in rows):
        columns = list(zip(*rows, strict=True))
        if quick.accepts_all(columns):
            return Batch([], position, Plain(range(first, first + len(lines)), lines, columns))
    return _sorted_out(lines, rows, first, quick, now, position)


def _sorted_out(
    lines: list[str], rows: list[list[str]], first: int, quick: Quick, now: datetime, position: int
) -> Batch:
    """Plain rows apart from those that are doubtful."""
    good = [len(row) == _WIDTH and quick.accepts(row) for row in rows]
    numbers = range(first, first + len(lines))
    others = [
        _slow_entry(number, row, COLUMNS, now, line)
        for number, row, line, fine in zip(numbers, rows, lines, good, strict=True)
        if not fine and line.strip()
    ]
    kept = list(compress(rows, good))
    plain = Plain(list(compress(numbers, good)), list(compress(lines, good)), list(zip(*kept, strict=True)))
    return Batch(others, position, plain if kept else None)


def _entries(rows: list[list[str]], first: int, quick: Quick, now: datetime) -> list[Entry | Rejected]:
    return [
        (line, tuple(cells))
        if len(cells) == _WIDTH and quick.accepts(cells)
        else _slow_entry(line, cells, COLUMNS, now)
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
