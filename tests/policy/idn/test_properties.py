"""What holds for every label and every text, whatever it is."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.names import map_people
from registry.policy.idn import punycode
from registry.policy.idn.bundle import Disposition, bundle_of, disposition
from registry.policy.idn.compact import shipped_table
from registry.policy.idn.label import STANDARD, Label, _is_sound, a_form, index_of, parse, parse_a, parse_u
from registry.policy.idn.literal import literal_disposition
from registry.policy.idn.violations import RULES, Violation, find_violations

TABLE = shipped_table()
ALL = sorted(TABLE.repertoire)
VARIED = [c for members in TABLE.classes.values() for c in members if c in TABLE.repertoire]
HAN = sorted(TABLE.han)
labels = st.lists(st.one_of(st.sampled_from(VARIED), st.sampled_from(HAN)), min_size=1, max_size=12).map("".join)
with_surrogates = st.characters(codec=None)
near_labels = st.text(st.one_of(st.sampled_from(ALL), st.sampled_from("-Ａa桜〇\u200d\u0301é 。xn"), with_surrogates))
texts = st.one_of(st.text(with_surrogates), near_labels, near_labels.map(lambda text: "xn--" + text))


@given(texts)
def test_no_text_raises(text: str) -> None:
    """Any text, half surrogate pairs included, gives a label or violations of the known rules with places inside it."""
    for result in (parse_u(text, TABLE), parse_a(text, TABLE), parse(map_people(text).text, TABLE)):
        if isinstance(result, Label):
            assert result.octets <= 63
            continue
        assert result
        for violation in result:
            assert violation.rule in RULES
            f"{violation.character}{violation.text}".encode()
    assert all(0 <= place < len(text) for v in _violations(text) for place in v.positions)


def _violations(text: str) -> tuple[Violation, ...]:
    result = parse_u(text, TABLE)
    return () if isinstance(result, Label) else result


@given(near_labels)
def test_the_fast_path_agrees_with_the_slow_one(text: str) -> None:
    """A label is accepted without further look exactly when the full search finds nothing."""
    a = a_form(text)
    assert _is_sound(text, a, TABLE, STANDARD) == (not find_violations(text, len(a), TABLE, STANDARD))


@given(labels, st.data())
def test_every_spelling_has_the_index_of_its_class(u: str, data: st.DataObject) -> None:
    """Whatever member of its class stands for each character, the index label is the same."""
    variant = "".join(data.draw(st.sampled_from(TABLE.class_of(c))) for c in u)
    assert index_of(variant, TABLE) == index_of(u, TABLE)
    assert index_of(index_of(u, TABLE), TABLE) == index_of(u, TABLE)


@given(labels)
def test_both_scripts_stay_in_the_class(u: str) -> None:
    """S and T have the label's length and index; S of S is S; every character of T is a preferred traditional form."""
    label = parse_u(u, TABLE)
    if not isinstance(label, Label):
        return
    assert index_of(label.simplified, TABLE) == index_of(label.traditional, TABLE) == label.index
    assert len(label.simplified) == len(label.traditional) == len(u)
    assert label.simplified.translate(TABLE.simplify) == label.simplified
    assert all(t in TABLE.tpv.get(c, c) for c, t in zip(u, label.traditional, strict=True))
    assert parse_a(label.a, TABLE) == label


@given(labels, st.data())
def test_every_spelling_has_one_disposition(u: str, data: st.DataObject) -> None:
    """A label is registered beside itself, its members bundled, and every other spelling withheld or blocked."""
    label = parse_u(u, TABLE)
    if not isinstance(label, Label):
        return
    bundle = bundle_of(label, TABLE)
    assert disposition(bundle, u, TABLE) is Disposition.REGISTERED
    for member in bundle.members[1:]:
        expected = Disposition.BUNDLED if member.active else Disposition.WITHHELD
        assert disposition(bundle, member.u_label, TABLE) is expected
    variant = "".join(data.draw(st.sampled_from(TABLE.class_of(c))) for c in u)
    assert disposition(bundle, variant, TABLE) is not Disposition.FOREIGN
    assert 1 <= len(bundle.members) <= 3
    assert literal_disposition(u, u, TABLE) == "valid"


@given(labels, texts)
def test_a_disposition_of_any_text(u: str, other: str) -> None:
    """Asking a bundle about any text gives an answer."""
    label = parse_u(u, TABLE)
    if isinstance(label, Label):
        assert disposition(bundle_of(label, TABLE), other, TABLE) in Disposition


def test_simplifying_twice_changes_nothing() -> None:
    """The simplified form of every character of the table is its own simplified form, in the same class."""
    for character in TABLE.repertoire:
        once = character.translate(TABLE.simplify)
        assert once.translate(TABLE.simplify) == once
        assert once in TABLE.class_of(character)


def test_classes_cut_the_table() -> None:
    """Every character stands in one class, and the least of the class is the index of all of its members."""
    seen = [c for members in TABLE.classes.values() for c in members]
    assert len(seen) == len(set(seen))
    for least, members in TABLE.classes.items():
        assert least == min(members)
        assert {index_of(c, TABLE) for c in members} == {least}


@given(st.text(with_surrogates, max_size=80))
def test_punycode_is_that_of_the_standard_library(text: str) -> None:
    """The encoder agrees with the standard one on every text, and decoding gives the text back."""
    encoded = punycode.encode(text)
    assert encoded == text.encode("punycode").decode("ascii")
    if not any("\ud800" <= c <= "\udfff" for c in text):
        assert punycode.decode(encoded) == text


@given(st.text("abcdefghijklmnopqrstuvwxyz0123456789-", max_size=60))
def test_decoding_is_that_of_the_standard_library(payload: str) -> None:
    """Any payload decodes as the standard library decodes it, and to nothing where that raises or gives no Unicode."""
    try:
        text = payload.encode("ascii").decode("punycode")
        text.encode()
    except UnicodeError:
        assert punycode.decode(payload) is None
    else:
        assert punycode.decode(payload) == text


GARBAGE = {
    "joiners": "\u200c" * 3400,
    "marks": "\u0300\u0301\u0327" * 1700,
    "middle dots": "・" * 3400,
    "Arabic": "ا" * 5000,
    "letters": "a" * 10_000,
    "digits in an A-label": "xn--" + "9" * 9996,
    "an A-label again and again": "xn--" + "zfr164b" * 1428,
    "Han": "".join(map(chr, range(0x4E00, 0x4E00 + 3400))),
    "every plane": "".join(map(chr, range(0, 0x110000, 440))),
}


@pytest.mark.parametrize("text", GARBAGE.values(), ids=GARBAGE)
def test_ten_thousand_octets_of_garbage_take_bounded_time(text: str) -> None:
    """Mapping and all three parsers answer 10 kB of anything within 0.3 s of processor time and with few findings."""
    begun = time.process_time()
    results = [parse_u(text, TABLE), parse_a(text, TABLE), parse(map_people(text).text, TABLE)]
    assert time.process_time() - begun < 0.3
    assert all(isinstance(result, tuple) and len(result) <= 260 for result in results)
