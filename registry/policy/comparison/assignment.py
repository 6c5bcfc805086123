"""Who belongs to whom, when several may: each at most once, and only where no other comes near. Pure.

Theory of operation. A pair is *clear* when it is the best of both its sides, reaches :data:`~registry.policy.comparison.likeness.MATCH`
and leads whatever else either side may be by :data:`~registry.policy.comparison.likeness.LEAD`. Clear pairs are taken and leave the field, which
may make others clear, until none is left. Both sides are treated alike, so changing them over changes nothing, and neither does the order
of the rows. What stays without a clear partner but with possible ones is ambiguous, and people are shown them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from registry.model.comparison import Candidate, Score
from registry.policy.comparison.likeness import LEAD, MATCH, POSSIBLE

MAX_SHOWN = 5  # candidates of an ambiguous row


@dataclass(frozen=True, slots=True)
class Assignment:
    """``pairs`` are (ours, theirs, score); ``ambiguous`` their keys with the bodies that may be meant, the likeliest first."""

    pairs: tuple[tuple[str, str, Score], ...] = ()
    ambiguous: Mapping[str, tuple[Candidate, ...]] = field(default_factory=dict)


def assign(scored: Iterable[tuple[str, str, Score]]) -> Assignment:
    """Decide about scored pairs of (ours, theirs); those below ``POSSIBLE`` are left out."""
    possible = {(ours, theirs): score for ours, theirs, score in scored if score.total >= POSSIBLE}
    field_ = _Field(possible)
    while clear := field_.clear():
        field_.take(clear)
    return Assignment(tuple(sorted(field_.taken, key=lambda pair: (pair[1], pair[0]))), field_.ambiguous())


class _Field:
    """The pairs that are still open, from both sides."""

    def __init__(self, possible: Mapping[tuple[str, str], Score]) -> None:
        self._possible = possible
        self._ours: dict[str, set[str]] = {}
        self._theirs: dict[str, set[str]] = {}
        for ours, theirs in possible:
            self._ours.setdefault(ours, set()).add(theirs)
            self._theirs.setdefault(theirs, set()).add(ours)
        self._doubtful = set(self._theirs)  # rows whose neighbourhood changed since they were looked at
        self.taken: list[tuple[str, str, Score]] = []

    def clear(self) -> list[tuple[str, str]]:
        """All pairs that are clear now; no two of them share a side, because each is the best of both by a lead."""
        found = []
        for theirs in sorted(self._doubtful):
            best = self._best(theirs)
            if best is not None:
                found.append((best, theirs))
        self._doubtful.clear()
        return found

    def _best(self, theirs: str) -> str | None:
        mine = self._theirs.get(theirs)
        if not mine:
            return None
        ours = max(mine, key=lambda one: (self._possible[one, theirs].total, one))
        total = self._possible[ours, theirs].total
        rivals = [self._possible[one, theirs].total for one in mine if one != ours]
        rivals += [self._possible[ours, one].total for one in self._ours[ours] if one != theirs]
        return ours if total >= MATCH and total - max(rivals, default=0.0) >= LEAD else None

    def take(self, pairs: list[tuple[str, str]]) -> None:
        """Take these pairs out of the field."""
        for ours, theirs in pairs:
            self.taken.append((ours, theirs, self._possible[ours, theirs]))
            for one in self._ours.pop(ours):
                self._theirs[one].discard(ours)
                self._doubtful.add(one)
            for one in self._theirs.pop(theirs):
                if one != ours:
                    self._ours[one].discard(theirs)
                    self._doubtful |= self._ours[one]
        self._doubtful &= self._theirs.keys()

    def ambiguous(self) -> dict[str, tuple[Candidate, ...]]:
        """Rows that nobody was given to although somebody may be meant."""
        return {
            theirs: tuple(self._candidates(theirs, mine)[:MAX_SHOWN])
            for theirs, mine in sorted(self._theirs.items())
            if mine
        }

    def _candidates(self, theirs: str, mine: set[str]) -> list[Candidate]:
        found = [Candidate(ours, self._possible[ours, theirs]) for ours in mine]
        return sorted(found, key=lambda one: (-one.score.total, one.key))
