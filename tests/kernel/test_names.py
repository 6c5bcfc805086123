"""Names as text: mapping for people, the two forms, cutting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.names import TLDS, Change, map_people, split, to_a, to_u

any_text = st.text(st.characters(codec=None))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("国务院.政务", "国务院.政务"),
        ("国务院。政务", "国务院.政务"),
        ("国务院．政务", "国务院.政务"),
        ("国务院｡公益", "国务院.公益"),
        ("ＡＢＣ政务．公益", "abc政务.公益"),
        ("WTO-北京.政务", "wto-北京.政务"),
        ("XN--ZFR164B", "xn--zfr164b"),
        ("  国务院.政务\n", "国务院.政务"),
        ("国\u200b务\ufeff院", "国务院"),
        ("⼈民", "人民"),
        ("\uf9d1合", "六合"),
        ("e\u0301", "é"),
        ("", ""),
    ],
)
def test_what_people_type(typed: str, meant: str) -> None:
    """Full width, capitals, Chinese full stops, compatibility forms and invisible characters become what was meant."""
    assert map_people(typed).text == meant


def test_changes_are_told() -> None:
    """Each change names its place in what was typed, what stood there and what stands there now."""
    assert map_people(" Ａ\u200b政。b").changes == (
        Change(1, "Ａ", "a"),
        Change(2, "\u200b", ""),
        Change(4, "。", "."),
    )
    assert map_people("国务院.政务").changes == ()


def test_composing_is_told_where_it_happens() -> None:
    """A letter and its mark become one; the change names the two, not the whole text."""
    assert map_people(" 政Ｅ\u0301务").changes == (Change(2, "Ｅ", "e"), Change(2, "e\u0301", "é"))


@given(any_text)
def test_mapping_never_refuses_and_settles(text: str) -> None:
    """Any text maps; what was mapped maps to itself once the white space at its ends is gone."""
    mapped = map_people(text)
    assert (mapped.changes == ()) == (mapped.text == text.strip())
    f"{mapped.text}{[change.after for change in mapped.changes]}".encode()
    again = map_people(mapped.text)
    assert map_people(again.text).text == again.text


@pytest.mark.parametrize(("u", "a"), TLDS.items())
def test_our_domains(u: str, a: str) -> None:
    """政务 and 公益 have the A-forms under which the root zone has them."""
    assert (to_a(u), to_u(a)) == (a, u)


def test_both_forms_of_a_name() -> None:
    """A name in either form, of any case in ASCII, with or without final dot, has one A-form and one U-form."""
    a, u = "ns1.xn--zfr54hdx6e.xn--zfr164b", "ns1.国务院.政务"
    for spelling in (a, u, a.upper(), f"{u}.", "NS1.国务院.xn--zfr164b"):
        assert (to_a(spelling), to_u(spelling)) == (a, u)


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "a..b",
        "-a.cn",
        "a-.cn",
        "a_b.cn",
        "a b",
        "xn--a.cn",
        "xn--zfr164b-",
        "国务院。政务",
        "Ａ",
        "é" * 60,
        "a" * 64,
    ],
)
def test_what_is_no_name(name: str) -> None:
    """Nothing is repaired: whatever is no host name by RFC 1123 and IDNA2008 is a ``ValueError``."""
    with pytest.raises(ValueError, match=r".+"):
        to_a(name)
    with pytest.raises(ValueError, match=r".+"):
        to_u(name)


def test_the_length_of_a_name() -> None:
    """253 octets are a name, 254 are not, counted in the A-form."""
    assert len(to_a(".".join(["a" * 63] * 3 + ["a" * 61]))) == 253
    with pytest.raises(ValueError, match="253"):
        to_a(".".join(["a" * 63] * 3 + ["a" * 62]))
    with pytest.raises(ValueError, match="253"):
        to_a(".".join(["国务院政务公益国务院政务"] * 8))


@given(any_text)
def test_forms_give_a_name_or_a_value_error(text: str) -> None:
    """Any text gives a name or ``ValueError``; a name goes both ways."""
    try:
        a = to_a(text)
    except ValueError:
        return
    assert to_a(to_u(a)) == a
    assert a.isascii()


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("国务院.政务", ("国务院", "政务")),
        ("a.b.政务", ("a.b", "政务")),
        ("国务院", ("国务院", "")),
        ("国务院.", ("国务院", "")),
        (".政务", ("", "政务")),
        ("", ("", "")),
    ],
)
def test_cutting(name: str, parts: tuple[str, str]) -> None:
    """The last label is the second part; without a dot there is none."""
    assert split(name) == parts
