"""Everything that is wrong with a label, each with where it is wrong.

The six rules stand in one order (:data:`RULES`), which is also the order of the answer. One violation is told for each
rule and character, with all positions of that character (characters from 0, in the U-form), so the answer to a page of
garbage is as long as its alphabet at most. Only the first :data:`MAX_EXAMINED` characters are looked at: whatever is
longer is refused for its length anyway.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import idna
from idna import idnadata, intranges

from registry.kernel.errors import Text
from registry.kernel.names import DOTS, MAX_LABEL_OCTETS, MAX_NAME_OCTETS, map_people
from registry.policy.idn.table import Table, is_han

SYNTAX = "LABEL.SYNTAX"
IDNA = "LABEL.IDNA"
REPERTOIRE = "LABEL.REPERTOIRE"
HYPHEN = "LABEL.HYPHEN"
LENGTH = "LABEL.LENGTH"
NO_HAN = "LABEL.NO_HAN"
RULES = (SYNTAX, IDNA, REPERTOIRE, HYPHEN, LENGTH, NO_HAN)
MAX_EXAMINED = MAX_NAME_OCTETS  # a name cannot have more characters than octets
_SEPARATORS = frozenset("." + DOTS)
_CATEGORIES = {"Cc", "Cs", "Zs", "Zl", "Zp"}  # controls, halves of surrogate pairs, spaces


@dataclass(frozen=True, slots=True)
class LabelRules:
    """Local practice on top of the standards. ``han_required`` is off only for the registry's own names (``nic``)."""

    han_required: bool = True
    double_hyphen: bool = True  # off: no "--" anywhere, as in .cn and .中国
    max_characters: int = 0  # 0: only the 63 octets count


@dataclass(frozen=True, slots=True)
class Violation:
    """``positions`` count characters from 0; ``character`` is empty when no single character is at fault."""

    rule: str
    positions: tuple[int, ...]
    character: str
    text: Text


def find_violations(u: str, octets: int, table: Table, rules: LabelRules) -> tuple[Violation, ...]:
    """All violations of a U-label whose A-label has ``octets`` octets, in the order of :data:`RULES`."""
    if not u:
        return (Violation(SYNTAX, (), "", Text("标签为空。", "The label is empty.")),)
    text = u[:MAX_EXAMINED]
    found = [*_of_characters(text, table)]
    if not any(violation.rule == IDNA for violation in found):
        found += _of_structure(text)
    found += _of_hyphens(text, rules)
    found += too_long(u, octets, rules)
    if rules.han_required and not any(is_han(c) for c in text):
        found.append(
            Violation(NO_HAN, (), "", Text("标签至少要有一个汉字。", "A label has at least one Han character."))
        )
    return tuple(sorted(found, key=lambda violation: (RULES.index(violation.rule), violation.positions)))


def named(character: str) -> str:
    """A character as a message shows it: itself when it can be seen, and always its code point."""
    code_point = f"U+{ord(character):04X}"
    seen = character.isprintable() and not character.isspace() and not unicodedata.combining(character)
    return f"“{character}” ({code_point})" if seen else code_point


def not_a_label(positions: tuple[int, ...], character: str, zh: str, en: str) -> Violation:
    """A violation of ``LABEL.SYNTAX``; half a surrogate pair is never handed on, no door could write it."""
    return Violation(SYNTAX, positions, "" if "\ud800" <= character <= "\udfff" else character, Text(zh, en))


def _of_characters(text: str, table: Table) -> Iterator[Violation]:
    strange = dict.fromkeys(c for c in text if c not in table.repertoire)
    for c in strange:
        positions = tuple(i for i, other in enumerate(text) if other == c)
        shown = named(c)
        if c in _SEPARATORS:
            zh, en = f"标签内不能有分隔符{shown}。", f"A label holds no separator {shown}."
            yield not_a_label(positions, c, zh, en)
        elif unicodedata.category(c) in _CATEGORIES:
            zh, en = f"标签内不能有空格或控制字符 {shown}。", f"A label holds no space or control character {shown}."
            yield not_a_label(positions, c, zh, en)
        else:
            yield from _of_one(text, c, positions, table)


def _of_one(text: str, character: str, positions: tuple[int, ...], table: Table) -> Iterator[Violation]:
    out_of_context = tuple(i for i in positions if not _in_context(text, i))
    shown = named(character)
    if out_of_context:
        hint = _mapped_hint(character, table)
        zh = f"国际化域名标准（IDNA2008）不允许{shown}{'' if not hint else f'，应写作“{hint}”'}。"
        en = f"IDNA2008 does not allow {shown}{'' if not hint else f'; write “{hint}”'}."
        yield Violation(IDNA, out_of_context, character, Text(zh, en))
    if len(out_of_context) < len(positions):
        hints = [f"“{c}”" for c in table.class_of(character) if c in table.repertoire]
        zh = f"{shown}不在注册字表内，{'可改用' + '或'.join(hints) if hints else '请改用表内的字'}。"
        en = (
            f"{shown} is not in the registration table; use {' or '.join(hints) or 'a character of the table'} instead."
        )
        inside = tuple(i for i in positions if i not in out_of_context)
        yield Violation(REPERTOIRE, inside, character, Text(zh, en))


def _in_context(text: str, position: int) -> bool:
    """Whether RFC 5892 allows the code point where it stands: PVALID, or CONTEXTJ and CONTEXTO with their rules."""
    code_point = ord(text[position])
    if intranges.intranges_contain(code_point, idnadata.codepoint_classes["PVALID"]):
        return True
    try:
        if intranges.intranges_contain(code_point, idnadata.codepoint_classes["CONTEXTJ"]):
            return idna.valid_contextj(text, position)
        if intranges.intranges_contain(code_point, idnadata.codepoint_classes["CONTEXTO"]):
            return idna.valid_contexto(text, position)
    except ValueError:  # the neighbour has no properties
        return False
    return False


def _mapped_hint(character: str, table: Table) -> str:
    """What the doors of people would have made of it, when that may be registered."""
    mapped = map_people(character).text
    return mapped if mapped and table.repertoire.issuperset(mapped) else ""


def _of_structure(text: str) -> Iterator[Violation]:
    """What IDNA2008 asks of the whole label (RFC 5891, sections 4.1 and 4.2.3; RFC 5893)."""
    composed = unicodedata.normalize("NFC", text)
    if composed != text:
        first = next((i for i, (a, b) in enumerate(zip(text, composed, strict=False)) if a != b), len(composed))
        zh, en = "标签不是规范组合形式（NFC）。", "The label is not in Normalization Form C."
        yield Violation(IDNA, (first,), text[first], Text(zh, en))
    if unicodedata.category(text[0]).startswith("M"):
        zh, en = (
            f"标签不能以组合符号 {named(text[0])} 开头。",
            f"A label does not begin with the mark {named(text[0])}.",
        )
        yield Violation(IDNA, (0,), text[0], Text(zh, en))
    try:
        idna.check_bidi(text)
    except idna.IDNABidiError:
        zh, en = "标签违反双向文字规则（RFC 5893）。", "The label breaks the Bidi rule (RFC 5893)."
        yield Violation(IDNA, (), "", Text(zh, en))


def _of_hyphens(text: str, rules: LabelRules) -> Iterator[Violation]:
    """RFC 5891, section 4.2.3.1: no hyphen at either end, none in both the third and the fourth position."""
    edges = tuple(i for i in sorted({0, len(text) - 1}) if text[i] == "-")
    if edges:
        zh, en = "连字符不能在标签的开头或结尾。", "A label neither begins nor ends with a hyphen."
        yield Violation(HYPHEN, edges, "-", Text(zh, en))
    if text[2:4] == "--":
        zh, en = "第三、四位不能同时是连字符。", "The third and the fourth position are not both hyphens."
        yield Violation(HYPHEN, (2, 3), "-", Text(zh, en))
    doubles = tuple(i for i in range(len(text) - 1) if text[i : i + 2] == "--" and i != 2)
    if doubles and not rules.double_hyphen:
        zh, en = "标签内不能有相连的连字符。", "A label holds no two hyphens in a row."
        yield Violation(HYPHEN, doubles, "-", Text(zh, en))


def too_long(u: str, octets: int, rules: LabelRules) -> Iterator[Violation]:
    """What is too long about a label; ``octets`` of a text beyond :data:`MAX_EXAMINED` is a lower bound."""
    if len(u) > MAX_EXAMINED:
        zh = f"域名总长超过 {MAX_NAME_OCTETS} 个八位组。"
        yield Violation(SYNTAX, (), "", Text(zh, f"The name has more than {MAX_NAME_OCTETS} octets in all."))
    if len(u) > MAX_EXAMINED or octets > MAX_LABEL_OCTETS:
        had = str(octets) if len(u) <= MAX_EXAMINED else f"≥{octets}"
        zh = f"标签编码后（A-label）有 {had} 个八位组，最多 {MAX_LABEL_OCTETS} 个，请缩短。"
        en = f"The A-label has {had} octets, at most {MAX_LABEL_OCTETS} are possible; shorten the label."
        yield Violation(LENGTH, (), "", Text(zh, en))
    if 0 < rules.max_characters < len(u):
        zh = f"标签有 {len(u)} 个字符，最多 {rules.max_characters} 个。"
        en = f"The label has {len(u)} characters, at most {rules.max_characters} are possible."
        yield Violation(LENGTH, tuple(range(rules.max_characters, min(len(u), MAX_EXAMINED))), "", Text(zh, en))
