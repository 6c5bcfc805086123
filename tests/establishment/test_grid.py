"""Rows looked at as columns of bytes, and large files read by several processes: the same as row by row, by one."""

import asyncio
import os
import signal
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.establishment import lines, loading, readers
from registry.establishment.columns import COLUMNS, canonical_cells, write_cells
from registry.establishment.copying import body_lines, grid_body_lines, grid_name_lines, name_lines, prepare
from registry.establishment.csv_rows import csv_entries
from registry.establishment.exporting import write_bodies
from registry.establishment.files import open_source
from registry.establishment.generate import demo_bodies, generate
from registry.establishment.grid import Grid, cut
from registry.establishment.grid_checks import accepted
from registry.establishment.importing import import_file
from registry.establishment.pieces import Piece
from registry.establishment.quick import is_plain
from registry.establishment.readers import read_pieces
from registry.establishment.rows import Row
from registry.kernel.db import Database
from registry.kernel.errors import Reason, Refusal
from tests.establishment.county import ACTOR, HEALTH
from tests.kit.clock import FakeClock

NOW = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
GOOD = [tuple(write_cells(body)) for body in [*demo_bodies(), *generate(300, 3)]]
EDGES = ("a|b", "b|a", "|", "２", "é", "=1", "（甲）", "䷀", "Z" * 18)
CONTENT = [*sorted({cell for cells in GOOD for cell in cells}), *EDGES]


def grid_of(*rows: tuple[str, ...]) -> Grid:
    grid, others = cut("".join(f"{','.join(cells)}\n" for cells in rows).encode(), 7, len(COLUMNS))
    assert not others
    return grid


def test_what_programs_write_is_accepted_by_column() -> None:
    """Nearly all rows as the product itself writes them are accepted, those with internal codes among them."""
    good = accepted(grid_of(*GOOD), NOW)
    assert good.mean() > 0.99
    assert all(good[place] for place, cells in enumerate(GOOD) if cells[0].startswith("Z"))


@given(st.data())
@settings(max_examples=800, deadline=None)
def test_a_column_never_accepts_what_a_row_refuses(data: st.DataObject) -> None:
    """Whatever stands in a row: when it is accepted by column, the slow reader gives exactly these cells."""
    cells = list(data.draw(st.sampled_from(GOOD)))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(cells) - 1))
        at = data.draw(st.integers(0, max(0, len(cells[place]) - 1)))
        one = data.draw(st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXYIOSVZaz-:T|.中"))
        cells[place] = data.draw(
            st.sampled_from(CONTENT)
            | st.text(st.characters(exclude_characters='",\\\r\n'), max_size=30)
            | st.just(cells[place][:at] + one + cells[place][at + 1 :])
            | st.just(cells[place] + one)
        )
    row = tuple(cells)
    text = ",".join(row)
    if is_plain(text) and '"' not in text and text.count(",") == len(COLUMNS) - 1 and accepted(grid_of(row), NOW).all():
        assert canonical_cells(Row(9, dict(zip(COLUMNS, row, strict=True))), NOW) == row


@pytest.mark.parametrize(("column", "value"), [
    ("established_on", "2026-02-29"), ("established_on", "2100-02-29"), ("established_on", "2026-06-02"),
    ("established_on", "1799-12-31"), ("valid_until", "1900-01-01"), ("valid_until", "2024-13-01"),
    ("annual_report_year", "2027"), ("annual_report_year", "1799"), ("changed_at", "2026-06-02T01:00:01Z"),
    ("changed_at", "2024-01-01T24:00:00Z"), ("changed_at", "2024-01-01 00:00:00Z"), ("level", "town "), ("status", "norma"),
    ("administrative", "2"), ("region", "012345"), ("name", ""), ("name", "·"), ("short_names", "乙|甲|乙"), ("phone", "1" * 101),
])  # fmt: skip
def test_what_is_wrong_is_left_to_the_slow_reader(column: str, value: str) -> None:
    """Days that do not exist or lie in the future, unknown words, lists out of order, texts that are too long are not accepted."""
    cells = dict(zip(COLUMNS, write_cells(replace(HEALTH, established_on=None, short_names=())), strict=True))
    good = dict(cells, established_on="2024-02-29", valid_until="2200-01-01")
    assert accepted(grid_of(tuple(good.values())), NOW).all()
    assert not accepted(grid_of(tuple(dict(good, **{column: value}).values())), NOW).any()


def test_what_goes_to_the_server_is_the_same_both_ways() -> None:
    """Names, labels and digests cut out of the file are those that are made row by row."""
    rows = [prepare((7, cells)) for cells in GOOD]
    grid = grid_of(*GOOD)
    assert sorted(grid_name_lines(grid).splitlines()) == sorted(name_lines(rows).splitlines())
    made = [
        line.replace(b"\t", b",").replace(rb"\N", b"").replace(rb"\\x", rb"\x")
        for line in body_lines(rows).splitlines()
    ]
    assert grid_body_lines(grid).splitlines() == made


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file counts as a large one."""
    monkeypatch.setattr(loading, "MIN_BYTES", 1)
    monkeypatch.setattr(readers, "MIN_BYTES", 1)


def _pieces(path: Path) -> list[Piece]:
    with read_pieces(open_source(path), NOW) as found:
        return list(found)


def test_two_processes_read_what_one_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Good rows, bad rows with their line numbers, and the order of the pieces do not depend on who reads."""
    write_bodies(tmp_path / "in.csv", generate(9_000, 8))
    text = (tmp_path / "in.csv").read_text().splitlines()
    text[4_000:4_000] = ["a,b", '"open', "", text[17].replace(",normal,", ",strange,")]
    (tmp_path / "in.csv").write_text("\n".join(text))
    alone = _pieces(tmp_path / "in.csv")
    monkeypatch.setattr(readers, "MIN_BYTES", 1)
    assert _pieces(tmp_path / "in.csv") == alone
    assert len(alone) > readers.READERS
    assert [row.line for piece in alone for row in piece.rejected] == [4001, 4002, 4004]


def test_shares_of_a_file_are_the_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each line is in one share, wherever the pieces end."""
    monkeypatch.setattr(lines, "PIECE_BYTES", 500)
    write_bodies(tmp_path / "in.csv", generate(60, 8))
    shares = [list(csv_entries(tmp_path / "in.csv", "utf-8", NOW, (share, 3))) for share in range(3)]
    found = sorted(line for share in shares for batch in share for line, *_ in batch.entries)  # type: ignore[misc]  # all are good
    assert found == list(range(2, 62))


@pytest.mark.usefixtures("large")
def test_a_wrong_header_is_refused_before_anybody_reads(tmp_path: Path) -> None:
    """A file of another table starts no process."""
    (tmp_path / "in.csv").write_text("id,title\n1,a\n")
    with pytest.raises(Refusal) as caught, read_pieces(open_source(tmp_path / "in.csv"), NOW):
        pass
    assert caught.value.reason is Reason.SYNTAX_INVALID


def test_a_reader_ends_when_nobody_listens(tmp_path: Path) -> None:
    """A reader whose importer is gone ends by itself, without a word."""
    write_bodies(tmp_path / "in.csv", generate(9_000, 5))
    reader = readers._start(tmp_path / "in.csv", "utf-8", NOW, 0)
    assert reader.stdout is not None
    assert reader.stdout.read(8)
    reader.stdout.close()
    assert reader.wait(timeout=60) == 0


@pytest.mark.usefixtures("large")
async def test_a_reader_that_dies_leaves_nothing(
    db: Database, clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When a reading process is killed the import is refused whole, with the reason, and no process remains."""
    write_bodies(tmp_path / "in.csv", generate(9_000, 5))
    started: list[int] = []
    start = readers._start

    def started_to_die(*order: object) -> object:
        process = start(*order)  # type: ignore[arg-type]  # passed through
        started.append(process.pid)
        if len(started) == readers.READERS:
            os.kill(process.pid, signal.SIGKILL)
        return process

    monkeypatch.setattr(readers, "_start", started_to_die)
    with pytest.raises(Refusal) as caught:
        await import_file(db, tmp_path / "in.csv", snapshot=False, actor=ACTOR, clock=clock)
    assert caught.value.reason is Reason.UNAVAILABLE
    assert "没有导入" in caught.value.text.zh
    assert await db.fetchval("select count(*) from body") == 0
    assert await db.fetchval("select count(*) from pg_indexes where tablename = 'body_name'") == 2
    assert not await asyncio.to_thread(lambda: any(Path(f"/proc/{pid}").exists() for pid in started))
