"""Rows of a CSV file (RFC 4180 quoting, one record a line, first line = header).

There are two ways through the file. :func:`csv_rows` goes line by line. :func:`csv_entries` takes a piece of some thousand lines at
once and leaves only what is not plain to the first way; both give the same (``tests/establishment/test_quick.py``).
"""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path

from registry.establishment.columns import COLUMNS, CONTRACT, Layout, canonical_cells, header_columns
from registry.establishment.grid import cut, longest_line
from registry.establishment.grid_checks import accepted
from registry.establishment.lines import CHUNK_BYTES, MAX_LINE_BYTES, Line, chunks_of, lines_of, read_lines
from registry.establishment.quick import Quick, is_plain
from registry.establishment.rows import Batch, Entry, Rejected, Row, problem, rejected
from registry.kernel.errors import Reason, Refusal

_WIDTH = len(COLUMNS)


def csv_rows(path: Path, encoding: str, layout: Layout = CONTRACT) -> Iterator[Row | Rejected]:
    """The records of the file. Refuses (``SYNTAX_INVALID``) a file whose header is not one of the layout."""
    lines = read_lines(path, encoding)
    columns = layout.header(_header(lines))
    for line in lines:
        if isinstance(line, Rejected):
            yield line
        else:
            yield _row(line.number, _cells(line.text), columns, line.text)


def check_header(path: Path, encoding: str) -> tuple[str, ...]:
    """The columns that the first line names. Refuses (``SYNTAX_INVALID``) what is not a header of the contract."""
    with path.open("rb") as file:
        return header_columns(_header(lines_of(io.BytesIO(file.readline(MAX_LINE_BYTES)), encoding)))


def csv_entries(path: Path, encoding: str, now: datetime, share: tuple[int, int] = (0, 1)) -> Iterator[Batch]:
    """Every row of the file as canonical cells or rejected, a piece at a time. Refuses the same files.

    ``share`` (k, n) takes every n-th piece from the k-th on, so that n processes may read one file.
    """
    columns = check_header(path, encoding)
    quick = Quick(now)
    with path.open("rb", buffering=CHUNK_BYTES) as file:
        file.readline(MAX_LINE_BYTES)
        for first, piece in islice(chunks_of(file, 2), share[0], None, share[1]):
            text = _plain_text(piece, encoding) if columns == COLUMNS else None
            if text is None:
                yield Batch(_slow_entries(piece, encoding, first, columns, now), file.tell())
            elif '"' in text or "\\" in text:
                yield _batch(text.removesuffix("\n"), first, quick, now, file.tell())
            else:
                data = piece if encoding == "utf-8" and b"\r" not in piece else text.encode()
                yield _gridded(data if data.endswith(b"\n") else data + b"\n", first, quick, now, file.tell())


def _plain_text(piece: bytes, encoding: str) -> str | None:
    """The lines as one text; None when any of them needs a closer look."""
    try:
        text = piece.decode(encoding)
    except UnicodeDecodeError:
        return None
    text = text.replace("\r\n", "\n") if "\r" in text else text
    return text if longest_line(piece) <= MAX_LINE_BYTES and is_plain(text.removesuffix("\n")) else None


def _batch(text: str, first: int, quick: Quick, now: datetime, position: int) -> Batch:
    lines = text.split("\n")
    try:
        rows = list(csv.reader(lines, strict=True))
    except csv.Error:
        rows = []
    if len(rows) != len(lines):  # a quotation mark is open somewhere
        found = [
            _slow_entry(first + at, _cells(line), COLUMNS, now, line) for at, line in enumerate(lines) if line.strip()
        ]
        return Batch(found, position)
    return Batch(_entries(rows, first, quick, now), position)


def _gridded(data: bytes, first: int, quick: Quick, now: datetime, position: int) -> Batch:
    """Canonical rows apart from those that are doubtful."""
    grid, misfits = cut(data, first, _WIDTH)
    good = accepted(grid, now)
    if good.all() and not misfits:
        return Batch([], position, grid)
    doubtful = grid.only(~good).rows()
    lines = data.decode().split("\n") if misfits else []
    doubtful += [(first + at, tuple(lines[at].split(","))) for at in misfits if lines[at].strip()]
    others = [
        row
        if len(row[1]) == _WIDTH and quick.accepts(row[1])
        else _slow_entry(row[0], list(row[1]), COLUMNS, now, ",".join(row[1]))
        for row in sorted(doubtful)
    ]
    return Batch(others, position, grid.only(good))


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
