"""The reader of LGR files: what it understands, and that it refuses everything else with the line."""

from pathlib import Path

import pytest

from registry.kernel.errors import Reason, Refusal
from registry.policy.idn.compact import SHIPPED_LICENCE, shipped_table
from registry.policy.idn.literal import literal_disposition
from registry.policy.idn.rfc7940 import read_lgr
from registry.policy.idn.table import Table
from tests.kit.shared import shared_path

TEN = Path(__file__).parent / "ten.xml"
PLAIN = '<range first-cp="0061" last-cp="0061" />'
MARKS = "<start />\n      <union>"
FRONT = '<rule comment="front"><look-behind><start /></look-behind><anchor /></rule>'


@pytest.fixture(scope="module")
def ten() -> Table:
    """The table of ten characters."""
    return read_lgr(TEN, "free")


def test_what_the_file_says_of_itself(ten: Table) -> None:
    """Title, version, date and language come from the file, the digest is the file's, and all make the id."""
    assert (ten.tag, ten.version, ten.date) == ("zh", "7", "2026-01-02")
    assert (ten.source.title, ten.source.licence) == ("Ten characters", "free")
    assert ten.id == f"zh-2026-01-02-{ten.sha256[:8]}"


def test_repertoire(ten: Table) -> None:
    """Code points, ranges and hyphen are registrable; a variant out of the repertoire is not."""
    assert "".join(sorted(ten.repertoire)) == "-a傢国國家政樱櫻"
    assert ten.han == ten.repertoire - {"-", "a"}


def test_classes(ten: Table) -> None:
    """Connected characters are one class, the unregistrable one too."""
    assert sorted(ten.classes.values()) == ["傢家", "国國", "桜樱櫻"]
    assert "国家桜a政".translate(ten.minimum) == "国傢桜a政"
    assert ten.class_of("櫻") == "桜樱櫻"
    assert ten.class_of("〇") == "〇"


def test_preferred_forms(ten: Table) -> None:
    """Types give the preferred forms, and a muted aspect in a comment gives the side that the type leaves out."""
    assert (ten.spv["国"], ten.tpv["国"]) == ("国", "國")
    assert (ten.spv["家"], ten.tpv["家"]) == ("家", "家傢")
    assert (ten.spv["櫻"], ten.tpv["樱"]) == ("樱", "櫻")
    assert (ten.spv["桜"], ten.tpv["桜"]) == ("", "")
    assert "國家櫻桜".translate(ten.simplify) == "国家樱桜"


def test_literal_dispositions(ten: Table) -> None:
    """The actions of the file are carried out in order over the types of the mappings."""
    told = {v: literal_disposition("国家", v, ten) for v in ("国家", "國家", "國傢", "国傢", "国政", "国家a")}
    assert told == {
        "国家": "valid",
        "國家": "blocked",
        "國傢": "allocatable",
        "国傢": "blocked",
        "国政": "invalid",
        "国家a": "invalid",
    }
    assert literal_disposition("樱", "桜", ten) == "invalid"
    assert literal_disposition("a-政", "a-政", ten) == "valid"


def refusal(tmp_path: Path, old: str, new: str) -> tuple[Refusal, int]:
    """The refusal of the file with one change, and the line of the change."""
    text = TEN.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "changed.xml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Refusal) as refused:
        read_lgr(path)
    assert refused.value.text.zh
    return refused.value, text[: text.index(old)].count("\n") + 1


UNSUPPORTED = {
    "sequence": ('<char cp="653F" tag', '<char cp="653F 56FD" tag'),
    "sequence as variant": ('<var cp="653F" type="r-both" />', '<var cp="653F 653F" type="blocked" />'),
    "conditional variant": ('<var cp="570B" type="trad" />', '<var cp="570B" type="trad" when="marks" />'),
    "variant with not-when": ('<var cp="570B" type="trad" />', '<var cp="570B" type="trad" not-when="marks" />'),
    "conditional character": ('<char cp="653F" tag', '<char cp="653F" when="marks" tag'),
    "another condition": ('not-when="hyphens"', 'not-when="marks"'),
    "a condition without a rule": ('not-when="hyphens"', 'not-when="nowhere"'),
    "the hyphen rule elsewhere": ('<char cp="653F" tag', '<char cp="653F" not-when="hyphens" tag'),
    "unknown type": ('cp="570B" type="trad"', 'cp="570B" type="fallback"'),
    "no type": ('<var cp="570B" type="trad" />', '<var cp="570B" />'),
    "unknown muted aspect": ("identity r-both-mt", "identity strange-mt"),
    "unknown attribute": (PLAIN, '<range first-cp="0061" last-cp="0061" when="x" />'),
    "unknown element": (PLAIN, "<glyph />"),
    "element of another namespace": (PLAIN, '<char xmlns="urn:other" cp="0062" />'),
    "class in the data": (PLAIN, '<class name="digits">0030</class>'),
    "a rule not known": ("<rule ", '<rule name="more"><any /></rule>\n    <rule '),
    "a rule without a name": ('<rule name="marks"', "<rule"),
    "a mark rule that forbids less": ('<class property="gc:Mn" />', '<class property="gc:Me" />'),
    "a hyphen rule that forbids less": (FRONT, ""),
    "a named class": ("<rule ", '<class name="x" property="gc:Lo" />\n    <rule '),
    "unknown disposition": ('<action disp="valid" />', '<action disp="perhaps" />'),
    "an action on a rule not known": ('match="marks"', 'match="hyphens"'),
    "an action on no rule": ('match="marks"', 'match="absent"'),
    "marks that do not invalidate": ('disp="invalid" match="marks"', 'disp="blocked" match="marks"'),
    "not-match": ('match="marks"', 'not-match="marks"'),
    "an action on an unknown type": ('any-variant="blocked"', 'any-variant="strange"'),
}


@pytest.mark.parametrize("change", UNSUPPORTED.values(), ids=UNSUPPORTED)
def test_what_is_not_understood_is_refused(change: tuple[str, str], tmp_path: Path) -> None:
    """Every construct that the label check does not carry out is refused when the file is loaded."""
    refused, _ = refusal(tmp_path, *change)
    assert refused.reason is Reason.OPTION_UNSUPPORTED
    assert refused.where.startswith("line ")


INVALID = {
    "asymmetric": ('<var cp="56FD" type="simp" />', ""),
    "not transitive": ('<var cp="6A31" type="simp" />\n', '<var cp="653F" type="blocked" />\n'),
    "a target outside the file": ('cp="570B" type="trad"', 'cp="571F" type="trad"'),
    "a plain target": (
        '<var cp="570B" type="trad" />',
        '<var cp="570B" type="trad" /><var cp="0061" type="blocked" />',
    ),
    "no reflexive mapping": ('<var cp="56FD" type="r-simp" comment="identity" />', ""),
    "a reflexive type elsewhere": ('cp="570B" type="trad"', 'cp="570B" type="r-trad"'),
    "an irreflexive type on itself": ('cp="56FD" type="r-simp"', 'cp="56FD" type="simp"'),
    "out of repertoire elsewhere": ('cp="6A31" type="blocked"', 'cp="6A31" type="out-of-repertoire-var"'),
    "declared twice": (PLAIN, '<char cp="653F" />'),
    "variant given twice": (
        '<var cp="570B" type="trad" />',
        '<var cp="570B" type="trad" /><var cp="570B" type="trad" />',
    ),
    "a range backwards": (PLAIN, '<range first-cp="0062" last-cp="0061" />'),
    "a capital letter": (PLAIN, '<char cp="0041" />'),
    "a compatibility ideograph": (PLAIN, '<char cp="F9D1" />'),
    "a combining mark": (PLAIN, '<char cp="0301" />'),
    "a code point with a context rule": (PLAIN, '<char cp="30FB" />'),
}


@pytest.mark.parametrize("change", INVALID.values(), ids=INVALID)
def test_contradictions_are_refused(change: tuple[str, str], tmp_path: Path) -> None:
    """Variants that do not cut the characters into classes, and characters that IDNA2008 forbids, are refused."""
    refused, _ = refusal(tmp_path, *change)
    assert refused.reason is Reason.VALUE_INVALID
    assert refused.where.startswith("line ")


BROKEN = {
    "cut off": ("</lgr>", ""),
    "no code point": ('<char cp="653F" tag', '<char cp="X" tag'),
    "a surrogate": (PLAIN, '<char cp="D800" />'),
    "beyond Unicode": (PLAIN, '<char cp="110000" />'),
    "no cp": (PLAIN, "<char />"),
    "undefined entity": (PLAIN, "&strange;"),
}


@pytest.mark.parametrize("change", BROKEN.values(), ids=BROKEN)
def test_what_is_no_such_xml_is_refused(change: tuple[str, str], tmp_path: Path) -> None:
    """Broken XML and broken code points are ``SYNTAX_INVALID``."""
    refused, _ = refusal(tmp_path, *change)
    assert refused.reason is Reason.SYNTAX_INVALID


@pytest.mark.parametrize("name", ["sequence", "unknown type", "unknown element", "unknown disposition"])
def test_the_line_is_named(name: str, tmp_path: Path) -> None:
    """The refusal names the very line of what it does not understand."""
    refused, line = refusal(tmp_path, *UNSUPPORTED[name])
    assert refused.where == f"line {line}"
    assert f"第 {line} 行" in refused.text.zh


def test_entities_are_not_taken(tmp_path: Path) -> None:
    """A document type with entities (which could grow without bound, or read files) is refused before it is used."""
    declared = '<!DOCTYPE lgr [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>\n<lgr'
    refused, line = refusal(tmp_path, "<lgr", declared)
    assert refused.reason is Reason.OPTION_UNSUPPORTED
    assert refused.where == f"line {line}"


def test_a_table_needs_a_date(tmp_path: Path) -> None:
    """Without its date a table could not be told from the next one: refused."""
    refused, _ = refusal(tmp_path, "<date>2026-01-02</date>", "")
    assert refused.reason is Reason.PARAMETER_MISSING


def test_the_reference_table() -> None:
    """The reference LGR gives the table that ships: 19,685 Han, 37 others, 80 unregistrable variants."""
    table = read_lgr(shared_path("conformance/idn/lgr-second-level-chinese-31may22.xml"), SHIPPED_LICENCE)
    shipped = shipped_table()
    assert table.source == shipped.source
    assert table.sha256 == "93149ffa8a6814a2708e5987138593312cc9ed1380f8a06f3da299ea75ca1360"
    assert (len(table.repertoire), len(table.han)) == (19722, 19685)
    assert sum(c not in table.repertoire for c in table.variants) == 80
    for name in ("repertoire", "han", "variants", "actions", "minimum", "simplify", "classes", "spv", "tpv"):
        assert getattr(table, name) == getattr(shipped, name), name


def test_the_reference_table_counts() -> None:
    """Classes and preferred forms are as many as the specification counts inside the repertoire."""
    table = shipped_table()
    sizes: dict[int, int] = {}
    for members in table.classes.values():
        inside = sum(c in table.repertoire for c in members)
        sizes[inside] = sizes.get(inside, 0) + 1
    assert {size: sizes[size] for size in range(2, 9)} == {2: 2801, 3: 527, 4: 123, 5: 36, 6: 13, 7: 5, 8: 3}
    assert sum(len(forms) > 1 for forms in table.tpv.values()) == 184
    assert sorted(c for c, forms in table.spv.items() if len(forms) > 1) == sorted("瞭夥餘徵麽乾藉著讎摺")
