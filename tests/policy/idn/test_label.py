"""One label: the two forms, all that can be wrong with them, and the key that decides uniqueness."""

import pytest

from registry.policy.idn.compact import shipped_table
from registry.policy.idn.label import Label, index_of, parse, parse_a, parse_u, simplified_of
from registry.policy.idn.violations import LabelRules, Violation

TABLE = shipped_table()


def broken(result: Label | tuple[Violation, ...]) -> list[tuple[str, tuple[int, ...], str]]:
    """Rule, positions and character of each violation."""
    assert isinstance(result, tuple)
    return [(violation.rule, violation.positions, violation.character) for violation in result]


def rules(result: Label | tuple[Violation, ...]) -> list[str]:
    """The broken rules, each once."""
    return list(dict.fromkeys(rule for rule, _, _ in broken(result)))


def test_an_a_label_is_kept_in_lower_case() -> None:
    """``XN--ZFR164B`` is 政务, and its stored form is lower case."""
    label = parse_a("XN--ZFR164B", TABLE)
    assert isinstance(label, Label)
    assert (label.u, label.a) == ("政务", "xn--zfr164b")


@pytest.mark.parametrize("fake", ["xn--a", "xn--0", "xn--abc-", "xn--zfr164b-", "xn--", "xn---bbk", "xn--zfr164b0"])
def test_fake_a_labels_are_no_labels(fake: str) -> None:
    """What does not decode, or does not encode back to itself, or decodes to a control, breaks ``LABEL.SYNTAX``."""
    assert rules(parse_a(fake, TABLE))[0] == "LABEL.SYNTAX"


def test_half_a_surrogate_pair_is_never_decoded() -> None:
    """An A-label whose payload decodes to a lone surrogate is refused, and no answer contains one."""
    payload = "\ud800政".encode("punycode").decode("ascii")
    assert rules(parse_a(f"xn--{payload}", TABLE)) == ["LABEL.SYNTAX"]
    for violation in (*_tuple(parse_u("政\ud800", TABLE)), *_tuple(parse_a("\udfff", TABLE))):
        f"{violation.character}{violation.text}".encode()


def _tuple(result: Label | tuple[Violation, ...]) -> tuple[Violation, ...]:
    assert isinstance(result, tuple)
    assert result
    return result


def test_epp_takes_a_labels_only() -> None:
    """A U-label at EPP's door is ``LABEL.SYNTAX`` with every strange character and its positions; nothing is mapped."""
    assert broken(parse_a("政a政 b", TABLE)) == [("LABEL.SYNTAX", (0, 2), "政"), ("LABEL.SYNTAX", (3,), " ")]
    assert rules(parse_a("a_b", TABLE)) == ["LABEL.SYNTAX"]
    assert rules(parse_a("ＸＮ--zfr164b", TABLE)) == ["LABEL.SYNTAX"]


def test_an_ldh_label_with_hyphens_in_the_third_and_fourth_place() -> None:
    """``ab--cd`` is refused for its hyphens (and for having no Han), in A-form and in U-form."""
    expected = [("LABEL.HYPHEN", (2, 3), "-"), ("LABEL.NO_HAN", (), "")]
    assert broken(parse_a("ab--cd", TABLE)) == expected
    assert broken(parse_u("ab--cd", TABLE)) == expected


def test_either_form() -> None:
    """:func:`parse` reads an A-form by its prefix in any case, and everything else as a U-form."""
    assert parse("Xn--zfr164b", TABLE) == parse("政务", TABLE) == parse_u("政务", TABLE)
    assert rules(parse("xn--政务", TABLE)) == ["LABEL.HYPHEN"]


def test_every_violation_is_told_with_its_positions() -> None:
    """All that is wrong is told at once, in the order of the rules, each character once with all its places."""
    assert broken(parse_u("-Ａ桜 Ａб", TABLE)) == [
        ("LABEL.SYNTAX", (3,), " "),
        ("LABEL.IDNA", (1, 4), "Ａ"),
        ("LABEL.REPERTOIRE", (2,), "桜"),
        ("LABEL.REPERTOIRE", (5,), "б"),
        ("LABEL.HYPHEN", (0,), "-"),
    ]


def test_the_empty_label() -> None:
    """An empty label breaks ``LABEL.SYNTAX`` and nothing else, in both forms."""
    assert broken(parse_u("", TABLE)) == broken(parse_a("", TABLE)) == [("LABEL.SYNTAX", (), "")]


@pytest.mark.parametrize("separator", [".", "。", "．", "｡"])
def test_no_separator_inside(separator: str) -> None:
    """All four dots are separators, never part of a label."""
    assert broken(parse_u(f"政务{separator}公益", TABLE)) == [("LABEL.SYNTAX", (2,), separator)]


def test_a_replacement_is_offered() -> None:
    """The message for an unregistrable form of a registrable character names the registrable ones."""
    (violation,) = _tuple(parse_u("桜花", TABLE))
    assert "樱" in violation.text.zh
    assert "櫻" in violation.text.en
    (violation,) = _tuple(parse_u("ＡＢＣ政务"[0] + "政务", TABLE))
    assert "“a”" in violation.text.zh


def test_normalization_form_c() -> None:
    """A label that is not in NFC is ``LABEL.IDNA`` at the first place where composing changes it."""
    assert ("LABEL.IDNA", (1,), "e") in broken(parse_u("政e\u0301", TABLE))


def test_the_bidi_rule() -> None:
    """Right-to-left text that breaks RFC 5893 is ``LABEL.IDNA``; it is outside the table in any case."""
    assert rules(parse_u("א政", TABLE)) == ["LABEL.IDNA", "LABEL.REPERTOIRE"]


@pytest.mark.parametrize("joiner", ["\u200c", "\u200d"])
def test_a_joiner_in_its_context_is_outside_the_table(joiner: str) -> None:
    """After a virama a joiner satisfies IDNA2008; it is then refused by the table instead."""
    assert "LABEL.IDNA" not in rules(parse_u(f"क\u094d{joiner}ष", TABLE))
    assert "LABEL.IDNA" in rules(parse_u(f"政{joiner}务", TABLE))


def test_length_counts_the_octets_of_the_a_label() -> None:
    """Nineteen characters can fit and twenty can not; the message tells the octets."""
    assert isinstance(parse_u("中国共产党新疆维吾尔自治区委员会组织部", TABLE), Label)
    (violation,) = _tuple(parse_u("陕甘宁边区乡高新技术产业开发区管理委员会", TABLE))
    assert violation.rule == "LABEL.LENGTH"
    assert "65" in violation.text.zh
    assert "65" in violation.text.en
    assert rules(parse_u("a" * 62 + "政", TABLE)) == ["LABEL.LENGTH"]
    assert rules(parse_a("xn--" + "政".join(["a" * 40, "b" * 40]).encode("punycode").decode(), TABLE)) == [
        "LABEL.LENGTH"
    ]


@pytest.mark.parametrize("text", ["政" * 254, "a" * 254, "xn--" + "a" * 250])
def test_longer_than_a_whole_name(text: str) -> None:
    """More than 253 characters cannot even be a name: ``LABEL.SYNTAX`` beside ``LABEL.LENGTH``."""
    assert rules(parse(text, TABLE))[:2] == ["LABEL.SYNTAX", "LABEL.LENGTH"]


@pytest.mark.parametrize("text", ["abc", "、", "\u3000", "あ", "한", "123-4"])
def test_a_label_has_a_han_character(text: str) -> None:
    """Letters, digits, kana, Hangul and Chinese punctuation are no Han characters: ``LABEL.NO_HAN``."""
    assert rules(parse_u(text, TABLE))[-1] == "LABEL.NO_HAN"


@pytest.mark.parametrize("text", ["桜", "㮾", "𣲗", "〇", "々", "\u2f08", "\uf9d1"])
def test_han_outside_the_table_is_han(text: str) -> None:
    """A Han character that cannot be registered is refused for that, not for being none."""
    assert rules(parse_u(text, TABLE)) in (["LABEL.REPERTOIRE"], ["LABEL.IDNA"])


def test_names_of_the_registry_itself() -> None:
    """``nic`` needs no Han when the registry itself asks; hyphens and length still count."""
    own = LabelRules(han_required=False)
    label = parse_u("nic", TABLE, own)
    assert isinstance(label, Label)
    assert (label.u, label.a, label.index, label.traditional) == ("nic", "nic", "nic", "nic")
    assert rules(parse_u("nic-", TABLE, own)) == ["LABEL.HYPHEN"]


def test_a_limit_in_characters() -> None:
    """A registry that also limits characters (CNNIC: 20) names those beyond the limit."""
    assert broken(parse_u("中国国家博物馆", TABLE, LabelRules(max_characters=5))) == [("LABEL.LENGTH", (5, 6), "")]


@pytest.mark.parametrize("spellings", ["国务院 國務院 囯務院", "发展 發展 髮展", "台湾 臺灣 檯灣", "党委 黨委"])
def test_spellings_of_one_name_collide(spellings: str) -> None:
    """Simplified, traditional and mixed spellings have one index label."""
    assert len({index_of(spelling, TABLE) for spelling in spellings.split()}) == 1


@pytest.mark.parametrize("pair", ["画划", "里哩", "资貲", "己已", "未末", "土士"])
def test_different_characters_do_not_collide(pair: str) -> None:
    """What phrase dictionaries merge or eyes confuse stays two names."""
    assert len({index_of(character, TABLE) for character in pair}) == 2


def test_foreign_characters_pass_through_the_keys() -> None:
    """Names of bodies are free text: brackets, 〇 and characters outside the table are kept as they are."""
    assert index_of("國家（㮾梨）〇Ａ\ud800", TABLE) == "囯傢（㮾梨）〇Ａ\ud800"
    assert simplified_of("國家（㮾梨）〇", TABLE) == "国家（㮾梨）〇"
