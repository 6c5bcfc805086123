"""Rows without a common code, matched by name and place within one block of places. Pure.

Theory of operation. Comparing everybody with everybody would take a million million scores, and reading the places of two million names would take
minutes. So candidates are found by the keys of names alone (their index labels, long words made short): within a block (a prefecture, and with a
capital what its province holds itself) a row asks an index of our names. Equal keys in the same place are enough; else the bodies that share its
rarest pairs of characters, each pair weighing what it tells, and what a whole county shares tells little. At most :data:`MAX_SCORED`
are scored with all that is known of both sides (``likeness``), and ``assign`` decides.
"""

from collections.abc import Iterable, Sequence
from heapq import nsmallest
from itertools import pairwise
from math import log
from typing import NamedTuple

from registry.model.comparison import Party
from registry.policy.comparison.assignment import Assignment, assign
from registry.policy.comparison.fields import lies_within
from registry.policy.comparison.likeness import score
from registry.policy.comparison.shapes import shipped_shaper

RAREST = 7  # pairs of a name that are looked up: one slip spoils two, a place left out as many as it has characters
MAX_SHARING = 3_000  # bodies that share a pair; a commoner one (学校) finds nobody in particular
MAX_SCORED = 10  # bodies that are scored for one row


class Named(NamedTuple):
    """A name of a row or a body: the key of the party, its region, the index label of the name."""

    key: str
    region: str
    label: str


def likely_pairs(ours: Iterable[Named], theirs: Iterable[Named]) -> list[tuple[str, str]]:
    """Pairs (ours, theirs) that are worth a score."""
    rows = list(theirs)
    index = _Index(ours, rows)
    return [(body, row.key) for row in rows for body in index.near(row)]


def score_pairs(pairs: Iterable[tuple[Party, Party]]) -> Assignment:
    """Decide about pairs (ours, theirs)."""
    return assign((ours.key, theirs.key, score(ours, theirs)) for ours, theirs in pairs)


def match_parties(ours: Sequence[Party], theirs: Sequence[Party]) -> Assignment:
    """Both steps for parties that are at hand; keys must be unique on each side."""
    key = shipped_shaper().key
    named = [
        [Named(party.key, party.region, key(name)) for party in side for name in (*party.names, *party.former)]
        for side in (ours, theirs)
    ]
    by_key = [{party.key: party for party in side} for side in (ours, theirs)]
    return score_pairs((by_key[0][body], by_key[1][row]) for body, row in likely_pairs(*named))


class _Index:
    """Our names by their folded key and by its pairs of characters."""

    def __init__(self, names: Iterable[Named], rows: Sequence[Named]) -> None:
        self._fold = shipped_shaper().fold
        self._names = list(names)
        self._equal: dict[str, list[int]] = {}
        self._pairs: dict[str, list[int]] = {}
        asked = {pair for row in rows for pair in _pairs(self._fold(row.label))}
        for place, name in enumerate(self._names):
            text = self._fold(name.label)
            self._equal.setdefault(text, []).append(place)
            for pair in _pairs(text) & asked:
                self._pairs.setdefault(pair, []).append(place)

    def near(self, row: Named) -> list[str]:
        """The keys of the bodies that a row may be."""
        text = self._fold(row.label)
        equal = [self._names[place] for place in self._equal.get(text, ())]
        same = {name.key: None for name in equal if not row.region or lies_within(name.region, row.region)}
        if same:
            return list(same)[:MAX_SCORED]
        return list(dict.fromkeys(self._names[place].key for place in self._sharing(text, row.region)))

    def _sharing(self, text: str, region: str) -> list[int]:
        listed = [
            (places, pair)
            for pair in {one + other for one, other in pairwise(text)}
            if (places := self._pairs.get(pair))
        ]
        listed.sort(key=lambda item: (len(item[0]), item[1]))
        shared: dict[int, float] = {}
        for places, _ in listed[:RAREST]:
            if len(places) <= MAX_SHARING:
                weight = log(1 + len(self._names) / len(places))
                for place in places:
                    shared[place] = shared.get(place, 0.0) + weight
        return nsmallest(
            MAX_SCORED, shared, key=lambda place: (-shared[place], self._names[place].region != region, place)
        )


def _pairs(text: str) -> set[str]:
    return {one + other for one, other in pairwise(text)}
