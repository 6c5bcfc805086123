"""Rows of the first sheet of an XLSX workbook, read as a stream.

A workbook is a ZIP archive of XML, so it can lie about its size, its rows and its parts. Everything is bounded before
openpyxl sees it: the number of parts, what they unpack to (``zipfile`` never yields more than the directory
declares), the ratio, and declarations of entities. Formulas are not evaluated and their last result is not trusted:
such a row is rejected. Workbooks with macros are refused whole.
"""

import warnings
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from registry.establishment.columns import CONTRACT, Layout
from registry.establishment.rows import Rejected, Row, problem, rejected
from registry.kernel.errors import Reason, Refusal

MAX_PARTS = 1_000  # a plain export has about ten
MAX_EXPANDED_BYTES = 512 * 1024 * 1024  # a full sheet of 1,048,576 rows of ours is near 400 MB of XML
MAX_RATIO = 200  # XML of tables packs 10 to 30 times; bombs pack 1,000 times
RATIO_FREE_BYTES = 16 * 1024 * 1024  # below this the ratio does not matter
MAX_ROWS = 1_048_576  # what a sheet can hold; a row number beyond it is a lie
MAX_CELLS = 64  # the contract has 20 columns; empty ones may follow
PROLOGUE_BYTES = 4096  # where a document type declaration must stand
BATCH = 500  # rows read at a time
FORMULA = "=formula="  # stands for a cell that holds a formula; "=" begins no value of ours

MAX_SHARED_BYTES = 128 * 1024 * 1024  # of texts that the library keeps in memory: a million names take about half of it
MAX_TEXT_BYTES = 1024 * 1024  # between two tags; a cell of a spreadsheet holds 32,767 characters
MAX_TYPES_BYTES = 1024 * 1024  # of the directory of types: a thousand parts take a tenth of it
_XML = (".xml", ".rels", ".vml")
_MACRO_SHEETS = ("xl/macrosheets/", "xl/dialogsheets/")  # macros of before VBA, and their dialogues
_MACRO_TYPES = (b"macroenabled", b"vbaproject", b"macrosheet")

_Value = TypeVar("_Value")


def xlsx_rows(path: Path, layout: Layout = CONTRACT) -> Iterator[Row | Rejected]:
    """The records of the first sheet. Refuses a workbook that is broken, too large, encrypted, or carries macros."""
    _inspect(path)
    rows = _sheet(path)
    columns: tuple[str, ...] | None = None
    for number, cells in rows:
        if columns is None:
            columns = layout.header(_trimmed(cells))
        elif any(cells):
            yield _row(number, cells, columns)
    if columns is None:
        raise _broken("header")


def _inspect(path: Path) -> None:
    fault = _guarded(lambda: _fault(path))
    if fault:
        raise fault


def _fault(path: Path) -> Refusal | None:
    """Why the archive must not be given to the library."""
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        if len(parts) > MAX_PARTS or _bomb(parts) or any(_is_endless(archive, part) for part in parts):
            zh, en = "工作簿解压后过大，拒绝读取", "the workbook unpacks to too much; it is not read"
            return Refusal(Reason.TOO_LARGE, zh, en, where="file")
        if _has_macros(archive, parts):
            zh, en = "工作簿含有宏，请另存为不含宏的 XLSX", "the workbook carries macros; save it without them"
            return Refusal(Reason.VALUE_INVALID, zh, en, where="file")
        if any(_declares_entities(archive, part) for part in parts):
            zh, en = "工作簿含有实体声明，拒绝读取", "the workbook declares entities; it is not read"
            return Refusal(Reason.VALUE_INVALID, zh, en, where="file")
    return None


def _has_macros(archive: zipfile.ZipFile, parts: Sequence[zipfile.ZipInfo]) -> bool:
    """By the names of the parts, and by what the directory of types says of them: a part may bear any name."""
    names = [part.filename.lower() for part in parts]
    if any("vbaproject" in name or name.startswith(_MACRO_SHEETS) for name in names):
        return True
    types = next((part for part in parts if part.filename == "[Content_Types].xml"), None)
    if types is None:
        return False
    with archive.open(types) as file:
        told = file.read(MAX_TYPES_BYTES).lower()
    return any(mark in told for mark in _MACRO_TYPES)


def _bomb(parts: Sequence[zipfile.ZipInfo]) -> bool:
    expanded = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    shared = sum(part.file_size for part in parts if part.filename.lower().endswith("sharedstrings.xml"))
    if shared > MAX_SHARED_BYTES:
        return True
    return expanded > MAX_EXPANDED_BYTES or (expanded > RATIO_FREE_BYTES and expanded > MAX_RATIO * packed)


def _is_endless(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether a text or a tag of this part goes on for longer than any cell may: the library would hold all of it at once."""
    if part.file_size <= MAX_TEXT_BYTES or not part.filename.lower().endswith(_XML):
        return False
    run = 0
    with archive.open(part) as file:
        while chunk := file.read(MAX_TEXT_BYTES):
            first = chunk.find(b"<")
            if run + (len(chunk) if first < 0 else first) > MAX_TEXT_BYTES:
                return True
            run = run + len(chunk) if first < 0 else len(chunk) - chunk.rfind(b"<")
    return False


def _declares_entities(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    if not part.filename.lower().endswith(_XML):
        return False
    with archive.open(part) as file:
        prologue = file.read(PROLOGUE_BYTES)
    return b"<!DOCTYPE" in prologue or b"<!ENTITY" in prologue or prologue.startswith((b"\xff\xfe", b"\xfe\xff"))


def _sheet(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Row number and texts of each row; every failure of the library is a refusal."""
    with path.open("rb") as file:  # by name, the library would go by the name's ending
        import openpyxl  # an eighth of a second that every service would take to start, for a file that few ever read

        book = _guarded(lambda: openpyxl.load_workbook(file, read_only=True, keep_links=False))
        rows = _guarded(lambda: _first_sheet_rows(book))
        number = 0
        while batch := _guarded(lambda: [[_text(cell) for cell in row] for row in islice(rows, BATCH)]):
            for cells in batch:
                number += 1
                if number > MAX_ROWS:
                    raise _broken("rows")
                yield number, cells
        book.close()


def _first_sheet_rows(book: Any) -> Iterator[tuple[Any, ...]]:
    sheet = book.worksheets[0]
    sheet.reset_dimensions()
    return iter(sheet.iter_rows(max_col=MAX_CELLS))


def _guarded(step: Callable[[], _Value]) -> _Value:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that mean nothing to us
            return step()
    except Exception as error:  # a mangled part makes the library raise almost anything
        raise _broken("sheet") from error


def _text(cell: Any) -> str:
    value = cell.value
    if cell.data_type == "f" or (isinstance(value, str) and value.startswith("=")):
        return FORMULA
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells


def _row(number: int, cells: list[str], columns: Sequence[str]) -> Row | Rejected:
    if FORMULA in cells:
        place = cells.index(FORMULA)
        where = columns[place] if place < len(columns) else "row"
        zh, en = "格内是公式，请改为数值或文字", "the cell holds a formula; give the value itself"
        return rejected(number, problem(where, "", zh, en, Reason.VALUE_INVALID))
    if any(cells[len(columns) :]):
        return rejected(number, problem("row", "", "这一行的格数多于表头", "this row has more cells than the header"))
    padded = cells[: len(columns)] + [""] * (len(columns) - len(cells))
    return Row(number, dict(zip(columns, padded, strict=True)))


def _broken(where: str) -> Refusal:
    return Refusal(
        Reason.SYNTAX_INVALID,
        "工作簿已损坏、已加密或不是 XLSX",
        "the workbook is damaged, encrypted, or no XLSX",
        where=where,
    )
