"""The door for establishment files: which format it is (by content, never by the name), and its rows."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from registry.establishment.columns import CONTRACT, Layout, canonical_cells
from registry.establishment.csv_rows import csv_entries, csv_rows
from registry.establishment.json_rows import json_rows
from registry.establishment.lines import CHUNK_BYTES, survey
from registry.establishment.rows import Batch, Entry, Rejected, Row
from registry.establishment.xlsx_rows import xlsx_rows
from registry.kernel.errors import Reason, Refusal

MAX_FILE_BYTES = 4 * 1024**3  # the whole country is near 1 GB; more is a mistake or an attack
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # .xls of old, or an encrypted workbook
_ZIP = b"PK\x03\x04"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


BATCH_ROWS = 2_000  # of formats that are read row by row


@dataclass(frozen=True, slots=True)
class Source:
    """An opened establishment file: its fingerprint, its format, and a function that reads its rows from the start."""

    name: str
    sha256: bytes
    form: str  # csv, jsonl or xlsx
    rows: Callable[[], Iterator[Row | Rejected]]
    size: int = 0
    quick: Callable[[datetime], Iterator[Batch]] | None = None  # a faster way to the same rows
    path: Path | None = None  # of a file that several processes may read that way, in this encoding
    encoding: str = ""

    def batches(self, now: datetime) -> Iterator[Batch]:
        """The rows as canonical cells, from the start, some thousands at a time; ``now`` decides what lies in the future."""
        return self.quick(now) if self.quick else _batches(self.rows(), now)


def open_source(path: Path, layout: Layout = CONTRACT) -> Source:
    """Recognise the file, whose columns are named as ``layout`` says.

    Refuses what is absent (``NOT_FOUND``), empty, too large, or of no format of the contract.
    """
    start, size = _first_bytes(path)
    if start.startswith(_ZIP):
        return Source(path.name, _fingerprint(path), "xlsx", lambda: xlsx_rows(path, layout), size)
    if start.startswith((_OLE, *_UTF16)):
        zh = "不支持这种文件：请提供 CSV（UTF-8 或 GB18030）、JSON lines 或未加密的 XLSX"
        en = "this kind of file is not supported: give CSV (UTF-8 or GB18030), JSON lines or an unencrypted XLSX"
        raise Refusal(Reason.VALUE_INVALID, zh, en, where="file", value=path.name)
    found = survey(path)
    if start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return Source(path.name, found.sha256, "jsonl", lambda: json_rows(path, found.encoding, layout), size)
    return Source(
        path.name, found.sha256, "csv", lambda: csv_rows(path, found.encoding, layout), size,
        (lambda now: csv_entries(path, found.encoding, now)) if layout is CONTRACT else None,
        path if layout is CONTRACT else None, found.encoding,
    )  # fmt: skip


def _batches(rows: Iterator[Row | Rejected], now: datetime) -> Iterator[Batch]:
    while some := list(islice(rows, BATCH_ROWS)):
        yield Batch([_entry(row, now) for row in some], 0)


def _entry(row: Row | Rejected, now: datetime) -> Entry | Rejected:
    read = row if isinstance(row, Rejected) else canonical_cells(row, now)
    return read if isinstance(read, Rejected) else (row.line, read)


def _first_bytes(path: Path) -> tuple[bytes, int]:
    try:
        if not path.is_file():
            raise Refusal(Reason.NOT_FOUND, "没有这个文件", "there is no such file", where="file", value=path.name)
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(64)
    except OSError as error:
        raise Refusal(
            Reason.NOT_FOUND, "文件无法读取", "the file cannot be read", where="file", value=path.name
        ) from error
    if not start.strip():
        raise Refusal(Reason.SYNTAX_INVALID, "文件是空的", "the file is empty", where="file", value=path.name)
    if size > MAX_FILE_BYTES:
        raise Refusal(
            Reason.TOO_LARGE,
            "文件过大（上限 4 GB）",
            "the file is too large (at most 4 GB)",
            where="file",
            value=path.name,
        )
    return start, size


def _fingerprint(path: Path) -> bytes:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.digest()
