"""What a change of table would do, told before it is done."""

from pathlib import Path

import pytest

from registry.policy.idn.difference import Difference, Touched, diff_tables, touched_labels
from registry.policy.idn.rfc7940 import read_lgr
from registry.policy.idn.table import Table

TEXT = (Path(__file__).parent / "ten.xml").read_text(encoding="utf-8")
NONE = Difference((), (), (), (), ())
GUO = """\
    <char cp="56FD" tag="sc:Hani">
      <var cp="56FD" type="r-simp" comment="identity" />
      <var cp="570B" type="trad" />
    </char>
    <char cp="570B" tag="sc:Hani">
      <var cp="56FD" type="simp" />
      <var cp="570B" type="r-trad" comment="identity" />
    </char>
"""
APART = '    <char cp="56FD" />\n    <char cp="570B" />\n'
PLAIN = '<range first-cp="0061" last-cp="0061" />'


def table(tmp_path: Path, *changes: tuple[str, str]) -> Table:
    """The ten characters, changed."""
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "table.xml"
    path.write_text(text, encoding="utf-8")
    return read_lgr(path)


def test_the_same_table_differs_in_nothing(tmp_path: Path) -> None:
    """A table compared with itself: nothing to tell."""
    assert diff_tables(table(tmp_path), table(tmp_path)) == NONE
    assert NONE.empty


def test_gained_and_lost_characters(tmp_path: Path) -> None:
    """A character that only one of the tables has is lost or gained."""
    old, new = table(tmp_path), table(tmp_path, (PLAIN, '<range first-cp="0062" last-cp="0063" />'))
    difference = diff_tables(old, new)
    assert (difference.lost, difference.gained) == (("a",), ("b", "c"))
    assert not difference.empty


def test_merged_and_split_classes(tmp_path: Path) -> None:
    """国 and 國 apart in one table and together in the other: merged one way, split the other way."""
    apart, together = table(tmp_path, (GUO, APART)), table(tmp_path)
    assert diff_tables(apart, together) == Difference((), (), ("国國",), (), ("国", "國"))
    assert next(diff_tables(apart, together).lines()) == "合并的异体类 / merged class: 国國 U+56FD U+570B"
    assert diff_tables(together, apart) == Difference((), (), (), ("国國",), ("国", "國"))


def test_a_gained_character_that_joins_a_class_merges_nothing(tmp_path: Path) -> None:
    """A class that grows by a new character makes no two old names one."""
    alone = table(tmp_path, (GUO, '    <char cp="56FD" />\n'))
    assert diff_tables(alone, table(tmp_path)) == Difference((), ("國",), (), (), ("国",))


def test_changed_preferences(tmp_path: Path) -> None:
    """A muted aspect that goes away changes what is proposed, and nothing else."""
    difference = diff_tables(table(tmp_path), table(tmp_path, ("identity r-both-mt", "identity")))
    assert difference == Difference((), (), (), (), ("家",))


@pytest.mark.parametrize("names", [["国政", "國政", "家a", "傢a", "政"], ["政", "傢a", "家a", "國政", "国政"]])
def test_the_registered_names_that_are_touched(names: list[str], tmp_path: Path) -> None:
    """Names with lost characters, and groups of names that become one; names that were one already are not told."""
    old = table(tmp_path, (GUO, APART))
    new = table(tmp_path, (PLAIN, ""))
    touched = touched_labels(names, old, new)
    assert touched == Touched((("傢a", "a"), ("家a", "a")), (("国政", "國政"),))
