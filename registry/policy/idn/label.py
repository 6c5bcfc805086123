"""A label: its U-form, its A-form, the key that decides uniqueness, its simplified and its traditional spelling.

Theory of operation. Every door brings a label in one of two forms, and both end in the same check. :func:`parse_a` is
EPP's: it takes the A-form only, decodes, and demands that encoding gives the very same octets back (RFC 5891, section
5.4; RFC 5890, section 2.3.2.1: no "fake A-labels"). :func:`parse_u` takes the U-form as it is. :func:`parse` takes
either, for the doors of people, which have mapped before (``registry.kernel.names.map_people``). None of them maps.

The repertoire of the table is the authority (RFC 9233: derived properties move with Unicode versions, the filed table
does not). When the reader loaded it, every registrable character was PVALID, stable under NFC and no combining mark, so
a label within the repertoire needs only the checks of hyphens, length and Han, and that is the fast path. Only a label
that breaks a rule pays for finding out all that is wrong (:mod:`registry.policy.idn.violations`).

Speed: the index label is one ``str.translate``; a whole ``parse_u`` takes some 20 µs, most of it Punycode and phrases.
"""

from dataclasses import dataclass
from functools import lru_cache

from registry.kernel.names import ACE_PREFIX, MAX_LABEL_OCTETS
from registry.policy.idn import punycode
from registry.policy.idn.table import Table
from registry.policy.idn.traditional import choose_traditional
from registry.policy.idn.violations import (
    MAX_EXAMINED,
    LabelRules,
    Violation,
    find_violations,
    named,
    not_a_label,
    too_long,
)

STANDARD = LabelRules()
CACHED_FORMS = 4096  # spellings of one decision come again and again; a megabyte at the most
_LDH = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


@dataclass(frozen=True, slots=True)
class Label:
    """A label that may be registered as far as labels go.

    ``a`` is lower case, of ``octets`` octets (at most 63); equal to ``u`` when ``u`` is ASCII. ``index`` is the opaque
    key of its class. ``simplified`` and ``traditional`` have the length of ``u``; either may be too long for the DNS in
    its A-form, which the bundle says (:func:`registry.policy.idn.bundle.bundle_of`).
    """

    u: str
    a: str
    index: str
    simplified: str
    traditional: str
    octets: int


def parse_u(text: str, table: Table, rules: LabelRules = STANDARD) -> Label | tuple[Violation, ...]:
    """The label of a U-form, or all that is wrong with it. Takes any text, never maps, never raises."""
    return _judged(text, a_form(text), table, rules)


def parse_a(text: str, table: Table, rules: LabelRules = STANDARD) -> Label | tuple[Violation, ...]:
    """The label of an A-form (any case, kept in lower case), or all that is wrong with it. Never maps, never raises.

    Positions of ``LABEL.SYNTAX`` count in ``text``, those of the other rules in the decoded U-form.
    """
    lowered = text.lower() if text.isascii() else text
    if not _LDH.issuperset(lowered):
        return _strange_octets(lowered[:MAX_EXAMINED])
    if not lowered.startswith(ACE_PREFIX):
        return _judged(lowered, lowered, table, rules)
    if len(lowered) > MAX_EXAMINED:
        return tuple(too_long(lowered, len(lowered), rules))
    decoded = punycode.decode(lowered[len(ACE_PREFIX) :])
    if not decoded or decoded.isascii() or (ACE_PREFIX + punycode.encode(decoded) != lowered):
        zh, en = "A-label 不能解码并还原为自身。", "The A-label does not decode and encode back to itself."
        return (not_a_label((), "", zh, en),)
    return _judged(decoded, lowered, table, rules)


def parse(text: str, table: Table, rules: LabelRules = STANDARD) -> Label | tuple[Violation, ...]:
    """The label of either form: A-form when it begins with ``xn--``, else U-form."""
    is_a = text[: len(ACE_PREFIX)].lower() == ACE_PREFIX and text.isascii()
    return parse_a(text, table, rules) if is_a else parse_u(text, table, rules)


def index_of(text: str, table: Table) -> str:
    """The index label of any text; characters outside the table pass through (names of bodies are free text)."""
    return text.translate(table.minimum)


def simplified_of(text: str, table: Table) -> str:
    """The preferred simplified form of any text, of the same length; foreign characters pass through."""
    return text.translate(table.simplify)


@lru_cache(maxsize=CACHED_FORMS)
def a_form(u: str) -> str:
    """The A-form that a U-form has, or would have if it were valid; of the first 253 characters of longer text."""
    return u if u.isascii() else ACE_PREFIX + punycode.encode(u[:MAX_EXAMINED])


def _judged(u: str, a: str, table: Table, rules: LabelRules) -> Label | tuple[Violation, ...]:
    if not _is_sound(u, a, table, rules):
        return find_violations(u, len(a), table, rules)
    return Label(u, a, u.translate(table.minimum), u.translate(table.simplify), choose_traditional(u, table), len(a))


def _is_sound(u: str, a: str, table: Table, rules: LabelRules) -> bool:
    """The fast path: exactly when :func:`find_violations` finds none."""
    return (
        bool(u)
        and len(a) <= MAX_LABEL_OCTETS
        and table.repertoire.issuperset(u)
        and u[0] != "-"
        and u[-1] != "-"
        and u[2:4] != "--"
        and (rules.double_hyphen or "--" not in u)
        and (not rules.han_required or not table.han.isdisjoint(u))
        and not 0 < rules.max_characters < len(u)
    )


def _strange_octets(text: str) -> tuple[Violation, ...]:
    strange = dict.fromkeys(c for c in text if c not in _LDH)
    found = []
    for c in strange:
        zh = f"此处只接受 A-label（字母、数字、连字符），不接受 {named(c)}。"
        en = f"Only an A-label (letters, digits, hyphens) is taken here, not {named(c)}."
        found.append(not_a_label(tuple(i for i, other in enumerate(text) if other == c), c, zh, en))
    return tuple(found)
