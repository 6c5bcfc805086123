"""A batch as it was sent: JSON or JSON lines, bounded, as the source of an import.

Both forms hold the objects of an establishment file in JSON lines. In JSON they stand in the member ``rows`` of one object and are numbered
from 1; in JSON lines each has the number of its line. A batch that is no batch is refused whole; a row that is no row is
rejected alone, like a bad row of a file.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Literal

import msgspec

from registry.establishment.files import Source
from registry.establishment.json_rows import row_of_line
from registry.establishment.lines import MAX_LINE_BYTES, Line, lines_of
from registry.establishment.rows import Rejected, Row, problem, rejected
from registry.kernel.errors import Reason, Refusal

MAX_BATCH_ROWS = 10_000  # what is merged with its events in some seconds; a province sends more in several batches
MAX_BATCH_BYTES = 8 * 1024 * 1024  # twice what 10,000 rows of ordinary length have
Form = Literal["json", "jsonl"]


@dataclass(frozen=True, slots=True)
class Batch:
    """``request`` is the SHA-256 of form and content: what makes two requests under one key the same."""

    source: Source
    rows: int
    request: bytes


class _Sent(msgspec.Struct, forbid_unknown_fields=True):
    rows: list[msgspec.Raw]


def read_batch(form: Form, content: bytes) -> Batch:
    """The batch. Refuses with ``SYNTAX_INVALID`` what is no batch or holds no row, with ``TOO_LARGE`` too many octets or rows."""
    if len(content) > MAX_BATCH_BYTES:
        raise _too_large("bytes", len(content), MAX_BATCH_BYTES)
    request = hashlib.sha256(form.encode() + b"\n" + content).digest()
    if form == "json":
        raws = _raws(content)
        count, rows = len(raws), partial(_json_rows, raws)
    else:
        count, rows = sum(1 for line in content.split(b"\n") if line.strip()), partial(_line_rows, content)
    if count > MAX_BATCH_ROWS:
        raise _too_large("rows", count, MAX_BATCH_ROWS)
    if count == 0:
        raise Refusal(Reason.SYNTAX_INVALID, "批次中没有数据行", "the batch holds no row", where="rows")
    return Batch(Source("push", request, form, rows, len(content)), count, request)


def _raws(content: bytes) -> list[msgspec.Raw]:
    try:
        return msgspec.json.decode(content, type=_Sent).rows
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        zh = f'请求内容应为 {{"rows": [{{…}}, …]}}：{error}'
        en = f'the content must be {{"rows": [{{…}}, …]}}: {error}'
        raise Refusal(Reason.SYNTAX_INVALID, zh, en, where="rows") from error


def _json_rows(raws: list[msgspec.Raw]) -> Iterator[Row | Rejected]:
    for number, raw in enumerate(raws, 1):
        yield _json_row(number, bytes(raw))


def _json_row(number: int, raw: bytes) -> Row | Rejected:
    if len(raw) > MAX_LINE_BYTES:
        zh, en = f"这一行超过 {MAX_LINE_BYTES} 字节", f"this row is longer than {MAX_LINE_BYTES} bytes"
        return rejected(number, problem("line", "", zh, en, Reason.TOO_LARGE))
    try:
        return row_of_line(Line(number, raw.decode()))
    except UnicodeDecodeError:
        zh, en = "这一行不是 UTF-8 编码的文字", "this row is not text in UTF-8"
        return rejected(number, problem("encoding", "", zh, en))


def _line_rows(content: bytes) -> Iterator[Row | Rejected]:
    for line in lines_of(BytesIO(content), "utf-8"):
        yield line if isinstance(line, Rejected) else row_of_line(line)


def _too_large(what: Literal["bytes", "rows"], found: int, most: int) -> Refusal:
    zh_unit, en_unit = {"bytes": ("字节", "bytes"), "rows": ("行", "rows")}[what]
    zh = f"一个批次最多 {most} {zh_unit}，本批为 {found} {zh_unit}；请分批报送"
    en = f"a batch has at most {most} {en_unit}, this one has {found}; please send several batches"
    return Refusal(Reason.TOO_LARGE, zh, en, where=what, evidence={"limit": most, "found": found})
