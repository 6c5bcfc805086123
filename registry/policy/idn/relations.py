"""What makes variants usable as classes: one reflexive kind a character, symmetry, transitivity, IDNA2008 validity.

RFC 8228 says why: only a symmetric and transitive relation cuts the characters into classes, and only with classes
does one index label decide whether two labels are the same name. A source that breaks this is refused when it is
loaded, never repaired.
"""

import unicodedata
from collections.abc import Callable, Iterable

from idna import idnadata, intranges

from registry.kernel.errors import Reason, Refusal
from registry.policy.idn.table import OUT_OF_REPERTOIRE, Variants

Where = Callable[[str], str]  # a character → the place in the source that speaks of it


def notation(character: str) -> str:
    """``U+4E2D``, the way tables and standards write a code point."""
    return f"U+{ord(character):04X}"


def check_variants(variants: Variants, plain: frozenset[str], where: Where) -> None:
    """Refuses (``VALUE_INVALID``, naming the place) variants that do not cut the characters into classes."""
    for character, kinds in variants.items():
        own = kinds.get(character)
        if own is None or not (own.startswith("r-") or own == OUT_OF_REPERTOIRE):
            raise _refusal(where(character), "缺少自身映射", "has no reflexive mapping of its own", character)
        for target, kind in kinds.items():
            _check_mapping(variants, plain, where, (character, target, kind))


def _check_mapping(variants: Variants, plain: frozenset[str], where: Where, mapping: tuple[str, str, str]) -> None:
    character, target, kind = mapping
    if target == character:
        return
    place, pair = where(character), f"{notation(character)} → {notation(target)}"
    if kind.startswith("r-") or kind == OUT_OF_REPERTOIRE:
        raise _refusal(place, "自身映射类型用在另一字符上", "has a reflexive type on another character", pair)
    if target not in variants:
        told = "没有反向映射" if target in plain else "的目标不在表中"
        said = "has no mapping back" if target in plain else "points at a character that is not in the table"
        raise _refusal(place, told, said, pair)
    if character not in variants[target]:
        raise _refusal(place, "没有反向映射（不对称）", "has no mapping back (not symmetric)", pair)
    if variants[target].keys() != variants[character].keys():
        raise _refusal(
            place, "的异体集合与目标的不同（不传递）", "has other variants than its target (not transitive)", pair
        )


def check_characters(characters: Iterable[str], where: Where) -> None:
    """Refuses (``VALUE_INVALID``) a registrable character that is not PVALID (RFC 5892), stable and no mark."""
    valid = idnadata.codepoint_classes["PVALID"]
    for c in characters:
        stable = unicodedata.normalize("NFC", c) == c and not unicodedata.combining(c)
        if not stable or not intranges.intranges_contain(ord(c), valid):
            raise _refusal(where(c), "不是 IDNA2008 有效字符", "is not a PVALID code point of IDNA2008", notation(c))


def _refusal(where: str, zh: str, en: str, value: str) -> Refusal:
    shown = value if value.startswith("U+") else notation(value)
    return Refusal(
        Reason.VALUE_INVALID,
        f"{where}：{shown} {zh}，此表不能使用",
        f"{where}: {shown} {en}; the table cannot be used",
        where=where,
        value=shown,
    )
