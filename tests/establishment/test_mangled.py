"""Files that arrive mangled are refused or rejected by row, and never half-applied."""

import asyncio
import hashlib
import io
import os
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from registry.establishment.columns import COLUMNS, write_cells
from registry.establishment.generate import generate
from registry.establishment.importing import import_file
from registry.kernel.db import Database
from registry.kernel.errors import Reason, Refusal
from registry.model.body import Body
from tests.establishment.command import imported
from tests.establishment.county import ACTOR, FAMILY, HEALTH, bring
from tests.kit.clock import FakeClock

ENDLESS_BYTES = 2 << 30
MAX_MEGABYTES = 350  # of all processes of an import; three of them read a large file

RENAMED = replace(HEALTH, name="长沙县卫生健康局")
BODIES = [RENAMED, FAMILY, *list(generate(60, 4))]


def book(bodies: list[Body], change: Callable[[list[str]], list[str]] = lambda cells: cells) -> bytes:
    made = openpyxl.Workbook(write_only=True)
    sheet = made.create_sheet()
    for cells in [list(COLUMNS), *(change(write_cells(body)) for body in bodies)]:
        sheet.append(cells)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def repacked(content: bytes, extra: dict[str, bytes], cut_sheet: bool = False, types: bytes = b"") -> bytes:
    """The workbook with more parts, with half of its sheet, or with one more type in its directory."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = old.read(part)
            if types and part.filename == "[Content_Types].xml":
                data = data.replace(
                    b"</Types>", b'<Override PartName="/xl/media/image1.bin" ContentType="%b"/></Types>' % types
                )
            new.writestr(part.filename, data[: len(data) // 2] if cut_sheet and "sheet1" in part.filename else data)
        for name, data in extra.items():
            new.writestr(name, data)
    return out.getvalue()


def csv_of(bodies: list[Body]) -> str:
    return "\n".join(",".join(cells) for cells in [list(COLUMNS), *map(write_cells, bodies)]) + "\n"


REFUSED: dict[str, tuple[Callable[[], bytes], Reason]] = {
    "a workbook cut off in the middle": (lambda: book(BODIES)[:-400], Reason.SYNTAX_INVALID),
    "a workbook whose sheet ends in the middle of a row": (
        lambda: repacked(book(BODIES), {}, cut_sheet=True),
        Reason.SYNTAX_INVALID,
    ),
    "a zip bomb": (lambda: repacked(book(BODIES), {"xl/media/a.png": b"\0" * (40 << 20)}), Reason.TOO_LARGE),
    "a thousand parts": (lambda: repacked(book(BODIES), {f"x/{n}": b"" for n in range(1_001)}), Reason.TOO_LARGE),
    "a workbook with macros": (lambda: repacked(book(BODIES), {"xl/vbaProject.bin": b"\0"}), Reason.VALUE_INVALID),
    "macros under another name": (
        lambda: repacked(book(BODIES), {"xl/media/image1.bin": b"\0"}, types=b"application/vnd.ms-office.vbaProject"),
        Reason.VALUE_INVALID,
    ),
    "macros of the old kind": (
        lambda: repacked(book(BODIES), {"xl/macrosheets/sheet1.xml": b"<a/>"}),
        Reason.VALUE_INVALID,
    ),
    "a workbook of the old format": (lambda: bytes.fromhex("d0cf11e0a1b11ae1") + bytes(4096), Reason.VALUE_INVALID),
    "text in UTF-16": (lambda: csv_of(BODIES).encode("utf-16"), Reason.VALUE_INVALID),
    "a header of another table": (lambda: b"id,title\n1,a\n", Reason.SYNTAX_INVALID),
}


@pytest.mark.parametrize("case", sorted(REFUSED))
async def test_a_refused_file_has_not_been_there(db: Database, clock: FakeClock, tmp_path: Path, case: str) -> None:
    """A file that cannot be read to its end is refused as a whole: not one of its good rows is applied."""
    make, reason = REFUSED[case]
    await bring(db, clock, tmp_path, HEALTH)
    (tmp_path / "bad.xlsx").write_bytes(make())
    with pytest.raises(Refusal) as caught:
        await import_file(db, tmp_path / "bad.xlsx", snapshot=False, actor=ACTOR, clock=clock)
    assert caught.value.reason is reason
    assert caught.value.text.zh
    assert caught.value.text.en
    assert [row["name"] for row in await db.fetch("select name from body")] == [HEALTH.name]
    assert await db.fetchval("select count(*) from audit_entry") == 1


async def test_a_formula_spoils_its_row_alone(db: Database, clock: FakeClock, tmp_path: Path) -> None:
    """A workbook with one formula gives all its other rows; the bad one is named with line and column."""

    def calculate(cells: list[str]) -> list[str]:
        return [*cells[:11], "=1+1", *cells[12:]] if cells[0] == FAMILY.uscc else cells

    (tmp_path / "in.xlsx").write_bytes(book(BODIES, calculate))
    report = await import_file(db, tmp_path / "in.xlsx", snapshot=False, actor=ACTOR, clock=clock)
    assert (report.inserted, report.rejected) == (len(BODIES) - 1, 1)
    assert (report.rejections[0].line, report.rejections[0].problems[0].where) == (3, "address")


async def test_a_line_of_two_gigabytes_is_skipped(register: Database, tmp_path: Path) -> None:
    """A line of 2 GB is one rejected row that is named; it costs neither the memory nor the rows before and after it."""
    lines = csv_of(BODIES).splitlines(keepends=True)
    with (tmp_path / "in.csv").open("wb") as file:
        file.write("".join(lines[:10]).encode())
        file.seek(ENDLESS_BYTES, os.SEEK_CUR)  # a hole: the file takes no place on the disk
        file.write(("\n" + "".join(lines[10:])).encode())
    done = await asyncio.to_thread(imported, register, tmp_path / "in.csv", tmp_path)
    assert done.exit_code == 0, done.err
    assert f'"inserted": {len(BODIES)}, "updated": 0, "unchanged": 0, "rejected": 1' in done.out
    assert "第 11 行 / line 11" in done.out + done.err
    assert "longer than 65536 bytes" in done.out + done.err
    assert done.peak_megabytes < MAX_MEGABYTES


def endless_book() -> bytes:
    """A workbook of a few kilobytes whose one cell holds 300 MB."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book(BODIES))) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if "sheet1" not in part.filename:
                new.writestr(part.filename, old.read(part))
                continue
            head, _, tail = old.read(part).decode().partition(HEALTH.uscc)
            with new.open(part.filename, "w") as sheet:
                sheet.write(head.encode())
                for number in range(300):  # noise, so that it does not pack like a bomb
                    sheet.write(hashlib.shake_128(bytes([number % 256])).hexdigest(1 << 12).encode() * 128)
                sheet.write(tail.encode())
    return out.getvalue()


HOSTILE: dict[str, Callable[[], bytes]] = {
    "a zip bomb": lambda: repacked(book(BODIES), {"xl/media/a.png": b"\0" * (200 << 20)}),
    "a cell of 300 MB": endless_book,
    "shared texts that fill the memory": lambda: repacked(book(BODIES), {"xl/sharedStrings.xml": noise(140)}),
}


def noise(megabytes: int) -> bytes:
    """Text that packs thirty times, as tables do."""
    return b"".join(
        f"<si><t>{hashlib.sha256(bytes([place % 251])).hexdigest() * 4}</t></si>".encode() * 15
        for place in range(megabytes * 256)
    )


@pytest.mark.parametrize("case", sorted(HOSTILE))
async def test_what_would_fill_the_memory_is_refused_before(register: Database, tmp_path: Path, case: str) -> None:
    """Files that unpack to far more than they weigh are refused in both languages, within the memory of any other import."""
    (tmp_path / "in.xlsx").write_bytes(HOSTILE[case]())
    done = await asyncio.to_thread(imported, register, tmp_path / "in.xlsx", tmp_path)
    assert done.exit_code not in (0, None)
    assert "工作簿解压后过大" in done.out + done.err
    assert "unpacks to too much" in done.out + done.err
    assert "Traceback" not in done.err
    assert done.peak_megabytes < MAX_MEGABYTES
    assert (
        await register.fetchval("select count(*) from body")
        + await register.fetchval("select count(*) from import_row")
        == 0
    )


async def test_a_formula_in_a_csv_is_rejected(db: Database, clock: FakeClock, tmp_path: Path) -> None:
    """A cell that a spreadsheet would calculate is no value, in whatever column, quoted or not."""
    lines = csv_of(BODIES).splitlines(keepends=True)
    bad = [lines[at].replace(BODIES[at - 1].name, formula, 1) for at, formula in ((1, "=1+1"), (2, '"=HYPERLINK(1)"'))]
    (tmp_path / "in.csv").write_text("".join([lines[0], *bad, *lines[3:]]))
    report = await import_file(db, tmp_path / "in.csv", snapshot=False, actor=ACTOR, clock=clock)
    assert (report.inserted, report.rejected) == (len(BODIES) - 2, 2)
    assert [(row.line, row.problems[0].where) for row in report.rejections] == [(2, "name"), (3, "name")]
    assert "公式" in report.rejections[0].problems[0].text.zh


async def test_glued_encodings_lose_only_the_rarer(db: Database, clock: FakeClock, tmp_path: Path) -> None:
    """In a file glued from UTF-8 and GB18030 the rows of the rarer encoding are rejected by line, the others are imported."""
    lines = csv_of(BODIES).splitlines(keepends=True)
    (tmp_path / "in.csv").write_bytes("".join(lines[:50]).encode() + "".join(lines[50:]).encode("gb18030"))
    report = await import_file(db, tmp_path / "in.csv", snapshot=False, actor=ACTOR, clock=clock)
    assert (report.inserted, report.rejected) == (49, len(BODIES) - 49)
    assert {row.problems[0].where for row in report.rejections} == {"encoding"}
    assert report.rejections[0].line == 51
