"""The reader of a pair of language variant tables, the form in which CNNIC and TWNIC filed theirs."""

from pathlib import Path

import pytest

from registry.kernel.errors import Reason, Refusal
from registry.policy.idn.compact import compile_table, read_table
from registry.policy.idn.literal import literal_disposition
from registry.policy.idn.rfc3743 import read_pair
from registry.policy.idn.table import Table

SIMPLIFIED = """\
# Version: 4.1
# Effective Date: 20050315
Reference 1 nothing
U+0061(0);U+0061(0);
653F(0);653F(1);
U+53F0(0);U+53F0(1);U+6AAF(1),U+81FA(1,3),U+98B1(1)
U+6AAF(0);U+53F0(1);U+53F0(1),U+81FA(1),U+98B1(1)
U+81FA(0);U+53F0(1);U+53F0(1),U+6AAF(1),U+98B1(1)  # a comment
U+98B1(0);U+53F0(1);U+53F0(1),U+6AAF(1),U+81FA(1)
U+6A31(0);U+6A31(1);U+6AFB(1),U+685C(1)
U+6AFB(0);U+6A31(1);U+6A31(1),U+685C(1)
"""
TRADITIONAL = """\
Version 4.1 20050315
U+0061;U+0061;
U+653F;U+653F;
U+53F0;U+81FA(1),U+53F0(1),U+98B1(1);U+6AAF,U+81FA,U+98B1
U+6AAF;U+6AAF;U+53F0,U+81FA,U+98B1
U+81FA;U+81FA;U+53F0,U+6AAF,U+98B1
U+98B1;U+98B1;U+53F0,U+6AAF,U+81FA
U+6A31;U+6AFB;U+6AFB,U+685C
U+6AFB;U+6AFB;U+6A31,U+685C
"""


def pair(tmp_path: Path, simplified: str = SIMPLIFIED, traditional: str = TRADITIONAL) -> tuple[Path, Path]:
    """The two files."""
    first, second = tmp_path / "s.txt", tmp_path / "t.txt"
    first.write_text(simplified, encoding="utf-8")
    second.write_text(traditional, encoding="utf-8")
    return first, second


@pytest.fixture
def table(tmp_path: Path) -> Table:
    """The table of the pair."""
    return read_pair(*pair(tmp_path))


def test_classes_and_repertoire(table: Table) -> None:
    """Code points are registrable; a variant that is no code point of the table joins its class without being so."""
    assert "".join(sorted(table.repertoire)) == "a台政樱檯櫻臺颱"
    assert sorted(table.classes.values()) == ["台檯臺颱", "桜樱櫻"]
    assert (table.version, table.date, table.source.title) == ("4.1", "2005-03-15", "s.txt + t.txt")


def test_preferences_keep_their_order(table: Table) -> None:
    """The first preferred form of the source is the first of ours."""
    assert (table.spv["臺"], table.tpv["台"]) == ("台", "台臺颱")
    assert "櫻臺".translate(table.simplify) == "樱台"


def test_dispositions_are_those_of_the_preferences(table: Table) -> None:
    """Preferred spellings are allocatable; mixed ones are blocked, and so is a form preferred by neither table."""
    told = {v: literal_disposition("台樱", v, table) for v in ("台樱", "臺櫻", "台櫻", "檯樱", "台桜")}
    assert told == {"台樱": "valid", "臺櫻": "allocatable", "台櫻": "allocatable", "檯樱": "blocked", "台桜": "invalid"}


def test_a_pair_compiles_like_a_file(tmp_path: Path) -> None:
    """The compiled pair reads back as the same table."""
    first, second = pair(tmp_path)
    table, again = read_pair(first, second), read_table(compile_table(first, second))
    assert (again.source, again.variants, again.repertoire) == (table.source, table.variants, table.repertoire)
    assert (again.spv, again.tpv, again.actions) == (table.spv, table.tpv, table.actions)


REFUSED = {
    "four columns": (("U+0061(0);U+0061(0);", "U+0061;U+0061;;"), Reason.SYNTAX_INVALID, "s.txt line 4"),
    "no code point": (("653F(0);653F(1);", "zzzz;653F;"), Reason.SYNTAX_INVALID, "s.txt line 5"),
    "a surrogate": (("653F(0);653F(1);", "D800;653F;"), Reason.SYNTAX_INVALID, "s.txt line 5"),
    "a sequence": (("653F(0);653F(1);", "653F 0061;653F;"), Reason.OPTION_UNSUPPORTED, "s.txt line 5"),
    "twice": (("653F(0);653F(1);", "0061;0061;"), Reason.VALUE_INVALID, "s.txt line 5"),
    "nothing": (("653F(0);653F(1);", ";653F;"), Reason.VALUE_INVALID, "s.txt line 5"),
    "in one table only": (("653F(0);653F(1);", "6538;6538;"), Reason.VALUE_INVALID, "s.txt line 5"),
    "other classes": ((",U+81FA(1)\nU+6A31", "\nU+6A31"), Reason.VALUE_INVALID, "t.txt line 7"),
}


@pytest.mark.parametrize(("change", "reason", "where"), REFUSED.values(), ids=REFUSED)
def test_what_contradicts_itself_is_refused(
    change: tuple[str, str], reason: Reason, where: str, tmp_path: Path
) -> None:
    """The refusal names file and line."""
    assert change[0] in SIMPLIFIED
    with pytest.raises(Refusal) as refused:
        read_pair(*pair(tmp_path, SIMPLIFIED.replace(*change)))
    assert (refused.value.reason, refused.value.where) == (reason, where)


IMPOSSIBLE = {
    "a character that IDNA2008 forbids": "653F;653F;\n0041;0041;\n",
    "variants that do not point back": "653F;653F;\n6A31;6A31;6AFB\n6AFB;6AFB;\n",
    "variants that are not transitive": "653F;653F;\n6A31;6A31;6AFB\n6AFB;6AFB;6A31,6AAF\n6AAF;6AAF;6AFB\n",
}


@pytest.mark.parametrize("text", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_what_cannot_be_is_refused(text: str, tmp_path: Path) -> None:
    """Where both tables agree on something impossible, the line of the first is named."""
    with pytest.raises(Refusal) as refused:
        read_pair(*pair(tmp_path, text, text))
    assert (refused.value.reason, refused.value.where) == (Reason.VALUE_INVALID, "s.txt line 2")


def test_other_bytes_are_refused(tmp_path: Path) -> None:
    """A file that is not UTF-8 is refused by name."""
    first, second = pair(tmp_path)
    first.write_bytes("政".encode("gb18030"))
    with pytest.raises(Refusal) as refused:
        read_pair(first, second)
    assert (refused.value.reason, refused.value.where) == (Reason.SYNTAX_INVALID, "s.txt")
