"""Horizontal bars with their figures beside them. Pure: figures to SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

ROW, LABEL, TRACK, FIGURE = 30, 170, 330, 110  # units of the drawing
MAX_LABEL = 14  # characters that fit before the bar


@dataclass(frozen=True, slots=True)
class Bar:
    """``part`` of ``whole`` is drawn dark; ``said`` stands behind the bar."""

    label: str
    whole: int
    part: int
    said: str


def bars(title: str, description: str, rows: Sequence[Bar]) -> str:
    """The SVG; the longest bar fills the width. Empty rows give a drawing that says so in words."""
    most = max((row.whole for row in rows), default=0) or 1
    height = max(1, len(rows)) * ROW
    drawn = "".join(_row(index, row, most) for index, row in enumerate(rows))
    drawn = drawn or f'<text x="0" y="{ROW - 10}">没有数据 no data</text>'
    return (
        f'<svg class="bars" viewBox="0 0 {LABEL + TRACK + FIGURE} {height}" role="img" aria-label="{escape(title)}" '
        f'xmlns="http://www.w3.org/2000/svg"><title>{escape(title)}</title><desc>{escape(description)}</desc>{drawn}</svg>'
    )


def _row(index: int, row: Bar, most: int) -> str:
    y = index * ROW
    whole = TRACK * max(0, row.whole) / most
    part = TRACK * max(0, min(row.part, row.whole)) / most
    label = row.label if len(row.label) <= MAX_LABEL else row.label[: MAX_LABEL - 1] + "…"
    return (
        f'<text x="{LABEL - 8}" y="{y + 19}" text-anchor="end">{escape(label)}</text>'
        f'<rect class="track" x="{LABEL}" y="{y + 6}" width="{whole:.1f}" height="18" rx="2"/>'
        f'<rect class="part" x="{LABEL}" y="{y + 6}" width="{part:.1f}" height="18" rx="2"/>'
        f'<text x="{LABEL + whole + 6:.1f}" y="{y + 19}">{escape(row.said)}</text>'
    )
