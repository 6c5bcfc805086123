"""What changes between two tables, and which registered names it touches, before anything is switched.

A merged class makes one name of two: if two holders have them, both stay (grandfathered), but nobody may decide that by
accident. A lost character leaves a registered label that could not be registered again. A split class frees spellings
that were withheld. Existing bundles keep their members in every case (RFC 3743, section 3.6).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from registry.policy.idn.label import index_of
from registry.policy.idn.table import Table


@dataclass(frozen=True, slots=True)
class Difference:
    """Characters in code point order; a class is told as all of its members (of the table that has it)."""

    lost: tuple[str, ...]
    gained: tuple[str, ...]
    merged: tuple[str, ...]
    split: tuple[str, ...]
    preferences: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """Whether the two tables judge every label alike."""
        return not (self.lost or self.gained or self.merged or self.split or self.preferences)

    def lines(self) -> Iterator[str]:
        """One line a finding, for a terminal: what happened, then the characters with their code points."""
        for told, findings in (
            ("失去字符 / lost", self.lost),
            ("新增字符 / gained", self.gained),
            ("合并的异体类 / merged class", self.merged),
            ("拆开的异体类 / split class", self.split),
            ("首选写法改变 / other preferred forms", self.preferences),
        ):
            for characters in findings:
                yield f"{told}: {characters} {' '.join(f'U+{ord(c):04X}' for c in characters)}"


@dataclass(frozen=True, slots=True)
class Touched:
    """``lost``: label and the characters that the new table does not have. ``merged``: labels that become one name."""

    lost: tuple[tuple[str, str], ...]
    merged: tuple[tuple[str, ...], ...]


def diff_tables(old: Table, new: Table) -> Difference:
    """What the new table loses, gains, merges, splits, and prefers otherwise."""
    both = old.repertoire & new.repertoire
    return Difference(
        lost=tuple(sorted(old.repertoire - new.repertoire)),
        gained=tuple(sorted(new.repertoire - old.repertoire)),
        merged=_torn(new, old, both),
        split=_torn(old, new, both),
        preferences=tuple(sorted(c for c in both if _forms(c, old) != _forms(c, new))),
    )


def touched_labels(labels: Iterable[str], old: Table, new: Table) -> Touched:
    """Which of the registered U-labels the change touches. Holds one index label for each of them in memory."""
    lost: list[tuple[str, str]] = []
    together: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for u in labels:
        missing = "".join(c for c in dict.fromkeys(u) if c not in new.repertoire)
        if missing:
            lost.append((u, missing))
        together[index_of(u, new)].setdefault(index_of(u, old), u)
    merged = (tuple(sorted(names.values())) for names in together.values() if len(names) > 1)
    return Touched(tuple(sorted(lost)), tuple(sorted(merged)))


def _torn(whole: Table, other: Table, both: frozenset[str]) -> tuple[str, ...]:
    """The classes of ``whole`` whose registrable members stand in more than one class of ``other``."""
    torn = []
    for members in whole.classes.values():
        if len({other.minimum[ord(c)] for c in members if c in both}) > 1:
            torn.append(members)
    return tuple(sorted(torn))


def _forms(character: str, table: Table) -> tuple[frozenset[str], frozenset[str]]:
    spv, tpv = table.spv.get(character, character), table.tpv.get(character, character)
    return frozenset(spv), frozenset(tpv)
