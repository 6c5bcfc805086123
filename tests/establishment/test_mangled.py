"""Files that arrive mangled are refused or rejected by row, and never half-applied."""

import io
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
from tests.establishment.county import ACTOR, FAMILY, HEALTH, bring
from tests.kit.clock import FakeClock

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


def repacked(content: bytes, extra: dict[str, bytes], cut_sheet: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = old.read(part)
            new.writestr(part.filename, data[: len(data) // 2] if cut_sheet and "sheet1" in part.filename else data)
        for name, data in extra.items():
            new.writestr(name, data)
    return out.getvalue()


def csv_of(bodies: list[Body]) -> str:
    return "\n".join(",".join(cells) for cells in [list(COLUMNS), *map(write_cells, bodies)]) + "\n"


REFUSED = {
    "a workbook cut off in the middle": (lambda: book(BODIES)[:-400], Reason.SYNTAX_INVALID),
    "a workbook whose sheet ends in the middle of a row": (
        lambda: repacked(book(BODIES), {}, cut_sheet=True),
        Reason.SYNTAX_INVALID,
    ),
    "a zip bomb": (lambda: repacked(book(BODIES), {"xl/media/a.png": b"\0" * (40 << 20)}), Reason.TOO_LARGE),
    "a thousand parts": (lambda: repacked(book(BODIES), {f"x/{n}": b"" for n in range(1_001)}), Reason.TOO_LARGE),
    "a workbook with macros": (lambda: repacked(book(BODIES), {"xl/vbaProject.bin": b"\0"}), Reason.VALUE_INVALID),
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


async def test_an_endless_line_is_skipped(db: Database, clock: FakeClock, tmp_path: Path) -> None:
    """A line of 200 MB is one rejected row; it costs neither the memory nor the rows before and after it."""
    lines = csv_of(BODIES).splitlines(keepends=True)
    with (tmp_path / "in.csv").open("wb") as file:
        file.write("".join(lines[:10]).encode())
        for _ in range(200):
            file.write(b"x" * (1 << 20))
        file.write(("\n" + "".join(lines[10:])).encode())
    report = await import_file(db, tmp_path / "in.csv", snapshot=False, actor=ACTOR, clock=clock)
    assert (report.inserted, report.rejected) == (len(BODIES), 1)
    assert (report.rejections[0].line, report.rejections[0].problems[0].reason) == (11, Reason.TOO_LARGE)


async def test_glued_encodings_lose_only_the_rarer(db: Database, clock: FakeClock, tmp_path: Path) -> None:
    """In a file glued from UTF-8 and GB18030 the rows of the rarer encoding are rejected by line, the others are imported."""
    lines = csv_of(BODIES).splitlines(keepends=True)
    (tmp_path / "in.csv").write_bytes("".join(lines[:50]).encode() + "".join(lines[50:]).encode("gb18030"))
    report = await import_file(db, tmp_path / "in.csv", snapshot=False, actor=ACTOR, clock=clock)
    assert (report.inserted, report.rejected) == (49, len(BODIES) - 49)
    assert {row.problems[0].where for row in report.rejections} == {"encoding"}
    assert report.rejections[0].line == 51
