"""A registration table for Chinese: which characters may stand in a label, which of them are the same name, how each is
best written in simplified and in traditional script.

Three layers that must not be confused (RFC 7940; RFC 4713):

* the **class** of a character: all characters that count as one. Two labels are the same name when their index labels
  are equal, and the index label puts the least code point of its class in the place of each character (RFC 7940,
  section 8.5; "index variant"). It is an opaque key, never shown.
* the **preferred forms** of a character: SPV, the simplified ones, and TPV, the traditional ones (RFC 3743; RFC 4713).
  A text of single characters in the order of the source.
* the **type** of each mapping, which is what the actions of the source judge. The registry's own policy
  (:mod:`registry.policy.idn.bundle`) uses preferred forms instead; types are kept so that what the source itself would
  say can be shown beside it (:mod:`registry.policy.idn.literal`).

A *kind* is a type together with an aspect that the source mutes to limit the number of allocatable labels but still
names in a comment: ``r-simp+mt`` is a simplified character that is its own traditional form too.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

MUTED_TRADITIONAL = "+mt"
MUTED_SIMPLIFIED = "+ms"
OUT_OF_REPERTOIRE = "out-of-repertoire-var"
PLAIN_KIND = "r-both"  # of a character without variants: it is its own form in both scripts
KNOWN_TYPE = re.compile(r"(?:r-)?(?:simp|trad|both)|r-neither|blocked|(?:simp|trad)-[1-9]|out-of-repertoire-var")
_SIMPLIFIED = re.compile(r"(?:r-)?(?:simp|both)(?:-[1-9])?(?:\+mt)?|.*\+ms")
_TRADITIONAL = re.compile(r"(?:r-)?(?:trad|both)(?:-[1-9])?(?:\+ms)?|.*\+mt")
_HAN_NAMES = (  # the beginnings of the Unicode names of what has the script Han and can be meant as a character
    *("CJK UNIFIED IDEOGRAPH", "CJK COMPATIBILITY IDEOGRAPH", "CJK RADICAL", "KANGXI RADICAL"),
    *("IDEOGRAPHIC NUMBER ZERO", "IDEOGRAPHIC ITERATION MARK", "IDEOGRAPHIC CLOSING MARK"),
)

Variants = Mapping[str, Mapping[str, str]]  # character → target → kind; a character maps to itself too


@dataclass(frozen=True, slots=True)
class Source:
    """Where a table comes from. ``sha256`` is that of the source file (of both, one after the other, for a pair)."""

    tag: str
    version: str
    date: str
    title: str
    sha256: str
    licence: str = ""

    @property
    def table_id(self) -> str:
        """The id that is stored with every name: the same source gives the same id, whatever compiles it."""
        return "-".join(part for part in (self.tag, self.date, self.sha256[:8]) if part).lower()


@dataclass(frozen=True, slots=True)
class Action:
    """One action of the source (RFC 7940, section 7): the first whose condition holds gives the disposition.

    An empty condition always holds. ``leading_mark`` stands for the rule that forbids a combining mark in front.
    """

    disposition: str
    leading_mark: bool = False
    any_variant: frozenset[str] = frozenset()
    all_variants: frozenset[str] = frozenset()
    only_variants: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """One frozen table. Build it with :func:`build_table`; a reader has checked the source by then.

    ``minimum`` and ``simplify`` are maps for ``str.translate`` that hold every character of the table, so that only
    foreign characters pay for a miss (they pass through). ``spv`` and ``tpv`` hold the characters that have variants;
    for all others the character itself is the answer. ``classes`` goes from a least code point to the whole class.
    """

    source: Source
    repertoire: frozenset[str]
    han: frozenset[str]
    variants: Variants = field(repr=False)
    actions: tuple[Action, ...] = field(repr=False)
    minimum: Mapping[int, str] = field(repr=False)
    simplify: Mapping[int, str] = field(repr=False)
    classes: Mapping[str, str] = field(repr=False)
    spv: Mapping[str, str] = field(repr=False)
    tpv: Mapping[str, str] = field(repr=False)

    @property
    def id(self) -> str:
        """The id stored with every name that this table judged."""
        return self.source.table_id

    @property
    def tag(self) -> str:
        """The language tag, as EPP and RDAP show it."""
        return self.source.tag

    @property
    def version(self) -> str:
        """The version that the source gives itself."""
        return self.source.version

    @property
    def date(self) -> str:
        """The date of the source, ISO 8601."""
        return self.source.date

    @property
    def sha256(self) -> str:
        """The digest of the source file, hexadecimal."""
        return self.source.sha256

    def class_of(self, character: str) -> str:
        """All characters of the class in code point order, those out of the repertoire too."""
        return self.classes.get(self.minimum.get(ord(character), character), character)

    def type_of(self, original: str, target: str) -> str:
        """The type of the mapping, without its muted aspect; empty when the table has no such mapping."""
        kinds = self.variants.get(original)
        if kinds is None:
            return PLAIN_KIND if original == target and original in self.repertoire else ""
        return kinds.get(target, "").partition("+")[0]


def is_han(character: str) -> bool:
    """Whether a character is an ideograph, in the repertoire of any table or not."""
    return 0x20000 <= ord(character) < 0x40000 or unicodedata.name(character, "").startswith(_HAN_NAMES)


def build_table(source: Source, plain: Iterable[str], variants: Variants, actions: Iterable[Action]) -> Table:
    """The table of a checked source: ``plain`` characters have no variants and no muted aspect.

    The caller vouches that the variants are symmetric and transitive (:mod:`registry.policy.idn.relations`).
    """
    registrable = [c for c, kinds in variants.items() if kinds[c] != OUT_OF_REPERTOIRE]
    repertoire = frozenset(plain).union(registrable)
    identity = {ord(c): c for c in repertoire}
    classes = {min(kinds): "".join(sorted(kinds)) for kinds in variants.values() if len(kinds) > 1}
    kinds_seen = {kind for kinds in variants.values() for kind in kinds.values()}
    simplified_kinds = {kind for kind in kinds_seen if _SIMPLIFIED.fullmatch(kind)}
    traditional_kinds = {kind for kind in kinds_seen if _TRADITIONAL.fullmatch(kind)}
    spv = {c: _targets(kinds, simplified_kinds) for c, kinds in variants.items()}
    tpv = {c: _targets(kinds, traditional_kinds) for c, kinds in variants.items()}
    return Table(
        source=source,
        repertoire=repertoire,
        han=frozenset(c for c in repertoire if not c.isascii() and is_han(c)),
        variants=variants,
        actions=tuple(actions),
        minimum=identity | {ord(c): least for least, members in classes.items() for c in members},
        simplify=identity | {ord(c): preferred(c, preferences) for c, preferences in spv.items()},
        classes=classes,
        spv=spv,
        tpv=tpv,
    )


def preferred(character: str, preferences: str) -> str:
    """The character itself when it is one of its preferred forms, else the first of them, else itself."""
    return character if character in preferences or not preferences else preferences[0]


def _targets(kinds: Mapping[str, str], wanted: set[str]) -> str:
    return "".join(target for target, kind in kinds.items() if kind in wanted)
