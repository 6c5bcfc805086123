"""What pages of comparisons draw: bars as SVG rectangles, and the characters by which two values differ. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from registry.flows.comparison.show import Standing
from registry.flows.comparison.words import FIELD_WORDS, KIND_WORDS
from registry.kernel.errors import Text
from registry.model.comparison import FIELDS, Kind

WIDTH = 600.0  # units of the drawing; the page scales it
LEAST = 2.0  # units: what is there is seen, however little
Pieces = list[tuple[str, bool]]  # a value cut up; True: this piece is different
MARKED = 300  # characters of a value that are compared one by one; longer ones are shown whole


@dataclass(frozen=True, slots=True)
class Bar:
    """One part of a bar: ``tone`` names its colour and its hatching, so that nobody needs to see colours."""

    tone: str
    words: Text
    many: int
    x: float
    width: float

    @property
    def share(self) -> float:
        """Of the whole bar."""
        return self.width / WIDTH


def kinds_bar(standing: Standing) -> list[Bar]:
    """All findings of a comparison in one bar, by kind."""
    return stacked([(kind.value, KIND_WORDS[kind], standing.many(kind)) for kind in Kind])


def stacked(parts: Sequence[tuple[str, Text, int]]) -> list[Bar]:
    """Parts side by side, as wide as their share; those that are empty are left out."""
    kept = [part for part in parts if part[2]]
    total = sum(many for _, _, many in kept)
    widths = [max(LEAST, many / total * WIDTH) for _, _, many in kept]
    scale = WIDTH / sum(widths) if widths else 1.0
    bars, x = [], 0.0
    for (tone, words, many), width in zip(kept, widths, strict=True):
        bars.append(Bar(tone, words, many, round(x, 2), round(width * scale, 2)))
        x += width * scale
    return bars


def fields_bars(standing: Standing) -> list[Bar]:
    """Differences by field, one bar each, the longest as wide as the drawing; fields without differences are left out."""
    counted = [(field, standing.differing(field)) for field in FIELDS]
    most = max((many for _, many in counted), default=0)
    return [
        Bar("different", FIELD_WORDS[field], many, 0.0, round(max(LEAST, many / most * WIDTH), 2))
        for field, many in counted
        if many
    ]


def marked(one: str, other: str) -> tuple[Pieces, Pieces]:
    """Both values in pieces ``(text, is different)``."""
    if max(len(one), len(other)) > MARKED or not one or not other:
        return [(one, one != other)] if one else [], [(other, one != other)] if other else []
    mine: Pieces = []
    yours: Pieces = []
    for tag, start, end, from_, to in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        differs = tag != "equal"
        if end > start:
            mine.append((one[start:end], differs))
        if to > from_:
            yours.append((other[from_:to], differs))
    return mine, yours
