"""Rows of a CSV file (RFC 4180 quoting, one record a line, first line = header)."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from registry.establishment.columns import header_columns
from registry.establishment.lines import Line, read_lines
from registry.establishment.rows import Rejected, Row, problem, rejected
from registry.kernel.errors import Reason, Refusal


def csv_rows(path: Path, encoding: str) -> Iterator[Row | Rejected]:
    """The records of the file. Refuses (``SYNTAX_INVALID``) a file whose header is not one of the contract."""
    lines = read_lines(path, encoding)
    columns = header_columns(_header(lines))
    for line in lines:
        if isinstance(line, Rejected):
            yield line
        else:
            yield _row(line, columns)


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


def _row(line: Line, columns: Sequence[str]) -> Row | Rejected:
    cells = _cells(line.text)
    if cells is None:
        zh = "引号没有闭合，或一格之内有换行"
        en = "a quotation mark is not closed, or a cell holds a line break"
        return rejected(line.number, problem("line", line.text, zh, en))
    if len(cells) != len(columns):
        zh = f"应有 {len(columns)} 列，这一行有 {len(cells)} 列"
        en = f"{len(columns)} columns are expected, this row has {len(cells)}"
        return rejected(line.number, problem("line", line.text, zh, en))
    return Row(line.number, dict(zip(columns, cells, strict=True)))


def _cells(text: str) -> list[str] | None:
    try:
        return next(csv.reader((text,), strict=True))
    except (csv.Error, StopIteration):
        return None
