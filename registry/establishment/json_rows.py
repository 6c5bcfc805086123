"""Rows of a JSON lines file: one object a line, the keys of the CSV columns; lists as arrays or with ``|``."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from registry.establishment.columns import CONTRACT, SEPARATOR, Layout
from registry.establishment.lines import Line, read_lines
from registry.establishment.rows import Rejected, Row, problem, rejected

MAX_INTEGER = 10**18  # longer than any number of the contract; Python refuses to print integers of thousands of digits


def json_rows(path: Path, encoding: str, layout: Layout = CONTRACT) -> Iterator[Row | Rejected]:
    """The records of the file; a line that is no object with known keys and plain values is rejected alone."""
    for line in read_lines(path, encoding):
        yield line if isinstance(line, Rejected) else row_of_line(line, layout)


def row_of_line(line: Line, layout: Layout = CONTRACT) -> Row | Rejected:
    """The record that one line holds, or why it holds none."""
    try:
        value = msgspec.json.decode(line.text)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        return rejected(line.number, problem("line", line.text, "这一行不是 JSON 对象", "this line is no JSON object"))
    if not isinstance(value, dict):
        return rejected(line.number, problem("line", line.text, "这一行不是 JSON 对象", "this line is no JSON object"))
    cells: dict[str, str] = {}
    for key, item in value.items():
        column = layout.key(key)
        if column is None:
            return rejected(line.number, problem("line", key, "不认识的键", "unknown key"))
        text = _text(item)
        if column and text is None:
            zh, en = "值应是文字、数字或文字的列表", "the value must be text, a number or a list of texts"
            return rejected(line.number, problem(key, "", zh, en))
        if column and not cells.get(column):
            cells[column] = text or ""
    return Row(line.number, cells)


def _text(value: object) -> str | None:
    """A value as it would stand in a CSV cell; None when it cannot stand there."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, str):
        return value
    if isinstance(value, int) and abs(value) < MAX_INTEGER:
        return str(value)
    if isinstance(value, list) and all(isinstance(item, str) and SEPARATOR not in item for item in value):
        return SEPARATOR.join(value)
    return None
