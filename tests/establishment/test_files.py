"""Files of every permitted form, and of many that are not: recognised, read, or refused with a reason."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.establishment import columns, xlsx_rows
from registry.establishment.columns import COLUMNS, read_body, write_cells
from registry.establishment.exporting import write_bodies
from registry.establishment.files import open_source
from registry.establishment.generate import demo_bodies
from registry.establishment.lines import MAX_LINE_BYTES
from registry.establishment.rows import Rejected, Row
from registry.kernel.errors import Reason, Refusal
from registry.model.body import Body

NOW = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
REAL_BODIES = Path(columns.__file__).with_name("real_bodies.csv")
HEADER = "uscc,name,address\n"
TSINGHUA = "12100000400000624D,清华大学,北京市海淀区\n"
OFFICE = "11441700007280420Y,阳江市人民政府办公室,\n"
SAMPLE = list(demo_bodies())[:40]


def save(tmp_path: Path, content: bytes, name: str = "bodies.dat") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def read(path: Path) -> list[Body | Rejected]:
    return [row if isinstance(row, Rejected) else read_body(row, NOW) for row in open_source(path).rows()]


def names(path: Path) -> list[str]:
    return [row.name for row in read(path) if isinstance(row, Body)]


def rejections(path: Path) -> list[Rejected]:
    return [row for row in read(path) if isinstance(row, Rejected)]


def workbook(tmp_path: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    book.save(tmp_path / "bodies.bin")
    return tmp_path / "bodies.bin"


def as_csv(tmp_path: Path) -> Path:
    write_bodies(tmp_path / "bodies.csv", SAMPLE)
    return tmp_path / "bodies.csv"


def as_gb18030(tmp_path: Path) -> Path:
    text = as_csv(tmp_path).read_text(encoding="utf-8")
    return save(tmp_path, text.replace("\n", "\r\n").encode("gb18030"))


def as_utf8_with_mark(tmp_path: Path) -> Path:
    return save(tmp_path, b"\xef\xbb\xbf" + as_csv(tmp_path).read_bytes())


def as_json_lines(tmp_path: Path) -> Path:
    lines = [json.dumps(dict(zip(COLUMNS, write_cells(body), strict=True)), ensure_ascii=False) for body in SAMPLE]
    return save(tmp_path, "\n".join(lines).encode())


def as_workbook(tmp_path: Path) -> Path:
    return workbook(tmp_path, [list(COLUMNS), *(list(write_cells(body)) for body in SAMPLE)])


@pytest.mark.parametrize("form", [as_csv, as_gb18030, as_utf8_with_mark, as_json_lines, as_workbook])
def test_every_form_gives_the_same_bodies(form: Callable[[Path], Path], tmp_path: Path) -> None:
    """CSV in UTF-8 (with and without mark) and GB18030, JSON lines and XLSX are recognised by content and read alike."""
    assert read(form(tmp_path)) == SAMPLE


def test_the_real_bodies_are_valid() -> None:
    """The shipped file of real bodies holds three valid rows."""
    assert names(REAL_BODIES) == ["清华大学", "清华大学深圳国际研究生院", "阳江市人民政府办公室"]


def test_json_values_may_be_typed(tmp_path: Path) -> None:
    """In JSON lines, lists may be arrays, flags booleans, years numbers, and what is unknown null."""
    row = {
        "uscc": "12100000400000624D",
        "name": "清华大学",
        "short_names": ["清华", "T"],
        "administrative": False,
        "annual_report_year": 2025,
        "valid_until": None,
    }
    (body,) = read(save(tmp_path, json.dumps(row).encode()))
    assert isinstance(body, Body)
    assert body.short_names == ("T", "清华")
    assert body.annual_report_year == 2025


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"[1]",
        b'{"uscc": 1.5}',
        b'{"uscc": {"a": 1}}',
        b'{"colour": "red"}',
        b'{"aliases": ["a|b"]}',
        b'{"annual_report_year": 1' + b"0" * 5000 + b"}",
        b'{"name": "\\ud800"}',
        b"{" + b'"a":[' * 3000,
    ],
)
def test_a_bad_json_line_is_rejected_alone(line: bytes, tmp_path: Path) -> None:
    """A broken or strange JSON line is one rejection with its line number; its neighbours are read."""
    good = '{"uscc": "12100000400000624D", "name": "清华大学"}'.encode()
    rows = read(save(tmp_path, b"\n".join((good, line, good))))
    assert [type(row) for row in rows] == [Body, Rejected, Body]
    assert isinstance(rows[1], Rejected)
    assert rows[1].line == 2


@pytest.mark.parametrize(
    "line",
    [
        '12100000400000624D,"清华大学,\n',
        "12100000400000624D,清华大学\n",
        "12100000400000624D,清华大学,北京,多一格\n",
        '"12100000400000624D"x,清华大学,\n',
        "12100000400000624D,清华\0大学,\n",
        "12100000400000624D," + "名" * MAX_LINE_BYTES + ",\n",
    ],
)
def test_a_bad_csv_line_is_rejected_alone(line: str, tmp_path: Path) -> None:
    """An open quotation mark, a wrong number of cells, a NUL or an endless line spoils its own row, not the next."""
    rows = read(save(tmp_path, (HEADER + OFFICE + line + TSINGHUA).encode()))
    assert [type(row) for row in rows] == [Body, Rejected, Body]
    assert isinstance(rows[1], Rejected)
    assert rows[1].line == 3


def test_quoted_cells_follow_the_rfc(tmp_path: Path) -> None:
    """Commas and doubled quotation marks inside quotes belong to the value (RFC 4180, section 2)."""
    (body,) = read(save(tmp_path, (HEADER + '12100000400000624D,"清华""大学","北京, 海淀"\r\n').encode()))
    assert isinstance(body, Body)
    assert (body.name, body.address) == ('清华"大学', "北京, 海淀")


def test_mixed_encodings_reject_the_minority(tmp_path: Path) -> None:
    """In a file glued from two encodings the rows of the rarer one are rejected by line, and the others are read."""
    content = (HEADER + OFFICE + TSINGHUA).encode() + TSINGHUA.encode("gb18030") + OFFICE.encode()
    rows = read(save(tmp_path, content))
    assert [type(row) for row in rows] == [Body, Body, Rejected, Body]
    assert isinstance(rows[2], Rejected)
    assert rows[2].problems[0].where == "encoding"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Reason.SYNTAX_INVALID),
        (b"  \n \n", Reason.SYNTAX_INVALID),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, Reason.VALUE_INVALID),
        ("uscc,name".encode("utf-16"), Reason.VALUE_INVALID),
        (b"PK\x03\x04 and then nothing", Reason.SYNTAX_INVALID),
        (b"code;title\n1;2\n", Reason.SYNTAX_INVALID),
        (b"\x89PNG\r\n\x1a\n\0\0", Reason.SYNTAX_INVALID),
    ],
)
def test_what_is_no_establishment_file_is_refused(content: bytes, reason: Reason, tmp_path: Path) -> None:
    """Empty files, old or encrypted workbooks, UTF-16, torn archives and foreign tables are refused as a whole."""
    with pytest.raises(Refusal) as caught:
        read(save(tmp_path, content))
    assert caught.value.reason is reason


def test_an_absent_file_or_a_folder_is_refused(tmp_path: Path) -> None:
    """What is not there, or is a folder, is refused as not found, without a traceback."""
    for path in (tmp_path, tmp_path / "none.csv", Path("bad\0name")):
        with pytest.raises(Refusal) as caught:
            open_source(path)
        assert caught.value.reason is Reason.NOT_FOUND


def test_workbook_cells_may_be_typed(tmp_path: Path) -> None:
    """Dates, numbers and flags in a workbook are read as what they mean."""
    header = ["uscc", "name", "established_on", "annual_report_year", "administrative"]
    path = workbook(tmp_path, [header, ["12100000400000624D", "清华大学", date(1950, 1, 2), 2025.0, True], [None]])
    (body,) = read(path)
    assert isinstance(body, Body)
    assert (body.established_on, body.annual_report_year, body.administrative) == (date(1950, 1, 2), 2025, True)


def test_a_formula_is_rejected_by_its_cell(tmp_path: Path) -> None:
    """A formula is neither evaluated nor believed: its row is rejected and names the column."""
    rows: list[list[object]] = [
        ["uscc", "name"],
        ["12100000400000624D", '="清华"&"大学"'],
        ["12100000400000624D", "清华大学"],
    ]
    found = read(workbook(tmp_path, rows))
    assert [type(row) for row in found] == [Rejected, Body]
    assert isinstance(found[0], Rejected)
    assert found[0].problems[0].where == "name"


def _repacked(source: Path, change: Callable[[str, bytes], bytes], extra: dict[str, bytes] | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, change(part.filename, old.read(part)))
        for name, content in (extra or {}).items():
            new.writestr(name, content)
    return out.getvalue()


def test_a_zip_bomb_is_refused_before_it_unpacks(tmp_path: Path) -> None:
    """A workbook that would unpack to far more than it weighs is refused as too large."""
    bomb = _repacked(
        as_workbook(tmp_path), lambda _, content: content, {"xl/media/image1.png": b"\0" * (40 * 1024 * 1024)}
    )
    with pytest.raises(Refusal) as caught:
        read(save(tmp_path, bomb))
    assert caught.value.reason is Reason.TOO_LARGE


def test_macros_and_entities_are_refused(tmp_path: Path) -> None:
    """A workbook with macros, or whose XML declares entities, is refused whole."""
    base = as_workbook(tmp_path)
    macro = _repacked(base, lambda _, content: content, {"xl/vbaProject.bin": b"\0"})
    entity = _repacked(
        base, lambda name, content: b'<!DOCTYPE a [<!ENTITY b "c">]>' + content if "sheet1" in name else content
    )
    for content in (macro, entity):
        with pytest.raises(Refusal) as caught:
            read(save(tmp_path, content))
        assert caught.value.reason is Reason.VALUE_INVALID


def test_a_lying_row_number_ends_the_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row number beyond what a sheet can hold is refused instead of being counted up to."""
    monkeypatch.setattr(xlsx_rows, "MAX_ROWS", 2_000)
    lie = _repacked(as_workbook(tmp_path), lambda _, content: content.replace(b'<row r="3"', b'<row r="999999999999"'))
    with pytest.raises(Refusal):
        read(save(tmp_path, lie))


_WHOLE: dict[str, bytes] = {}


@given(data=st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_mangled_files_never_crash(data: st.DataObject, tmp_path: Path) -> None:
    """Whatever bytes are cut, flipped or inserted in a file of any form: it is read, rejected by row, or refused."""
    if not _WHOLE:
        forms = (as_csv, as_gb18030, as_json_lines, as_workbook)
        _WHOLE.update({form.__name__: form(tmp_path).read_bytes() for form in forms})
    content = bytearray(_WHOLE[data.draw(st.sampled_from(sorted(_WHOLE)))])
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(content)))
        end = start + data.draw(st.integers(0, 40))
        content[start:end] = data.draw(st.binary(max_size=20))
    try:
        rows = read(save(tmp_path, bytes(content)))
    except Refusal:
        return
    assert all(isinstance(row, Body | Rejected) for row in rows)


@given(content=st.binary(max_size=300))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_no_reason_to_crash(content: bytes, tmp_path: Path) -> None:
    """Arbitrary bytes are refused or read to the end."""
    path = save(tmp_path, content)
    try:
        rows = list(open_source(path).rows())
    except Refusal:
        return
    assert all(isinstance(row, Row | Rejected) for row in rows)
