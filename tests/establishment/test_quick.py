"""The quick way through a file gives the same as the slow one."""

import csv
import io
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.establishment.columns import COLUMNS, canonical_cells, write_cells
from registry.establishment.copying import keys_of
from registry.establishment.exporting import write_bodies
from registry.establishment.files import open_source
from registry.establishment.generate import demo_bodies, generate
from registry.establishment.quick import Quick, is_plain
from registry.establishment.rows import Entry, Rejected, Row
from registry.policy.idn.compact import shipped_table
from registry.policy.naming.keys import Keyring

NOW = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
GOOD = [tuple(write_cells(body)) for body in [*demo_bodies(), *generate(300, 3)]]
CONTENT = {cell for cells in GOOD[:400] for cell in cells} | {
    "",
    " ",
    "a|b",
    "b|a",
    "２",
    "é",
    "e\u0301",
    "\u3000",
    "|",
    "\\N",
    "Σ",
}


def slowly(line: int, cells: tuple[str, ...]) -> Entry | Rejected:
    read = canonical_cells(Row(line, dict(zip(COLUMNS, cells, strict=True))), NOW)
    return read if isinstance(read, Rejected) else (line, read)


def plain(cells: tuple[str, ...]) -> bool:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return is_plain(out.getvalue())


def test_what_programs_write_is_accepted() -> None:
    """Rows as the product itself writes them take the quick way, all but those with internal codes."""
    quick = Quick(NOW)
    refused = [cells for cells in GOOD if not quick.accepts(cells)]
    assert all(cells[0].startswith("Z") for cells in refused)
    assert all(plain(cells) for cells in GOOD)


@given(st.data())
@settings(max_examples=600, deadline=None)
def test_the_quick_way_never_differs(data: st.DataObject) -> None:
    """Whatever stands in a row: when the quick way accepts it, the slow one gives exactly these cells."""
    cells = list(data.draw(st.sampled_from(GOOD)))
    for _ in range(data.draw(st.integers(0, 3))):
        place = data.draw(st.integers(0, len(cells) - 1))
        cells[place] = data.draw(
            st.sampled_from(sorted(CONTENT))
            | st.text(max_size=30)
            | st.just(cells[place]).map(str.lower)
            | st.just(cells[place] + " ")
            | st.just(cells[place][:-1] + "X")
        )
    row = tuple(cells)
    if plain(row) and Quick(NOW).accepts(row):
        assert slowly(9, row) == (9, row)


@given(
    st.sampled_from([cells[0] for cells in GOOD]),
    st.integers(0, 17),
    st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXYIOSVZ"),
)
@settings(max_examples=500, deadline=None)
def test_a_changed_code_is_not_accepted(code: str, place: int, character: str) -> None:
    """One changed character of a code is seen by the quick way as by the slow one."""
    changed = code[:place] + character + code[place + 1 :]
    row = (changed, "某单位", "", "", "", changed[:2], "0", "100000", "central", *[""] * 5, "normal", *[""] * 5)
    assert not Quick(NOW).accepts(row) or slowly(1, row) == (1, row)


def test_a_whole_file_is_the_same_both_ways(tmp_path: Path) -> None:
    """Batches and rows of one file agree row by row, good, bad, blank, quoted and endless lines included."""
    write_bodies(tmp_path / "in.csv", list(generate(200, 8)))
    lines = (tmp_path / "in.csv").read_text().splitlines()
    header = ",".join(COLUMNS)
    strange = [
        '"open',
        "",
        "a,b",
        lines[3].replace(",normal,", ", normal,"),
        lines[4] + ",x",
        "长" * 70_000,
        '"' + lines[5] + '"',
    ]
    for ending in ("\n", "\r\n"):
        content = ending.join([header, *lines[1:50], *strange, *lines[50:]])
        (tmp_path / "mixed.csv").write_bytes(content.encode())
        source = open_source(tmp_path / "mixed.csv")
        quick = [entry for batch in source.batches(NOW) for entry in batch.entries]
        slow = [
            row if isinstance(row, Rejected) else slowly(row.line, tuple(row.cells[column] for column in COLUMNS))
            for row in source.rows()
        ]
        assert quick == slow


@pytest.mark.parametrize("size", [10, 100, 3_000])
def test_pieces_may_end_anywhere(tmp_path: Path, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the file is cut into pieces changes neither rows nor line numbers."""
    write_bodies(tmp_path / "in.csv", list(generate(60, 8)))
    source = open_source(tmp_path / "in.csv")
    whole = [entry for batch in source.batches(NOW) for entry in batch.entries]
    monkeypatch.setattr("registry.establishment.lines.PIECE_BYTES", size)
    assert [entry for batch in source.batches(NOW) for entry in batch.entries] == whole
    assert [line for line, *_ in whole] == list(range(2, 62))  # type: ignore[misc]  # all rows are good


NAMES = [cells[1] for cells in GOOD] + [
    "中国石油大学（华东）",
    "ＡＢＣ公司",
    "Σίσυφος",
    "ΑΣ",
    "が",
    "ｶﾞ",
    "e\u0301",
    "中國·石油",
    "\\",
    "＼",
]


def test_keys_made_together_are_those_made_alone() -> None:
    """The index labels of a list of names are those of each name by itself."""
    keyring = Keyring(shipped_table())
    assert keys_of(NAMES) == [keyring.key(name) for name in NAMES]
    assert keys_of([]) == []


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe"), max_size=8), max_size=5
    )
)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_neighbour_changes_a_key(names: list[str]) -> None:
    """Any names at all: made together or alone, the keys are the same."""
    normal = [unicodedata.normalize("NFC", name) for name in names]
    keyring = Keyring(shipped_table())
    assert keys_of(normal) == [keyring.key(name) for name in normal]
