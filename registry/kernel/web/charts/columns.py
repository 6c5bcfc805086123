"""Amounts over time as stacked columns with a legend. Pure: figures to SVG."""

from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 610, 210, 62, 8, 24  # units of the drawing
LEGEND_ROW, LEGEND_COLUMN = 22, 150
EMPTY_HEIGHT = 60
SHADES = 6  # parts that can be told apart; the style sheet has as many
OTHERS = "其他 others"


def columns(title: str, description: str, points: Sequence[tuple[str, Mapping[str, int]]]) -> str:
    """``points`` are a label and the amounts of its parts, in the order of time.

    The largest parts by their sum get a shade of their own, the others share one. No points are said in words.
    """
    parts = _parts(points)
    legend_rows = -(-len(parts) // (WIDTH // LEGEND_COLUMN))
    height = HEIGHT + legend_rows * LEGEND_ROW if parts else EMPTY_HEIGHT
    inner = _drawn(points, parts) if parts else f'<text x="{LEFT}" y="40">没有数据 no data</text>'
    return (
        f'<svg class="columns" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}" '
        f'xmlns="http://www.w3.org/2000/svg"><title>{escape(title)}</title><desc>{escape(description)}</desc>{inner}</svg>'
    )


def _parts(points: Sequence[tuple[str, Mapping[str, int]]]) -> list[str]:
    """The largest first; the last may be the others."""
    sums: dict[str, int] = {}
    for _, amounts in points:
        for part, amount in amounts.items():
            sums[part] = sums.get(part, 0) + amount
    ranked = sorted((part for part, amount in sums.items() if amount), key=lambda part: (-sums[part], part))
    return ranked if len(ranked) <= SHADES else [*ranked[: SHADES - 1], OTHERS]


def _drawn(points: Sequence[tuple[str, Mapping[str, int]]], parts: Sequence[str]) -> str:
    most = max(sum(amounts.values()) for _, amounts in points) or 1
    step = (WIDTH - LEFT) / len(points)
    drawn = "".join(_column(LEFT + index * step, step, point, parts, most) for index, point in enumerate(points))
    grid = "".join(_grid(amount, most) for amount in (0, most // 2, most))
    ends = f'<text x="{LEFT}" y="{HEIGHT - 6}">{escape(points[0][0])}</text>'
    if len(points) > 1:
        ends += f'<text x="{WIDTH}" y="{HEIGHT - 6}" text-anchor="end">{escape(points[-1][0])}</text>'
    return grid + drawn + ends + "".join(_legend(index, part) for index, part in enumerate(parts))


def _column(x: float, step: float, point: tuple[str, Mapping[str, int]], parts: Sequence[str], most: int) -> str:
    """One month: its parts in the legend's order from the foot up, each with its amount for whoever points at it."""
    (label, amounts), drawn, below = point, "", 0
    for index, part in enumerate(parts):
        amount = amounts.get(part, 0)
        if part == OTHERS:
            amount = sum(many for name, many in amounts.items() if name not in parts)
        if amount:
            top, foot = _height(below + amount, most), _height(below, most)
            drawn += (
                f'<rect class="part-{index}" x="{x + step * 0.1:.1f}" y="{top:.1f}" width="{step * 0.8:.1f}" height="{foot - top:.1f}">'
                f"<title>{escape(f'{label} {part} {amount:,}')}</title></rect>"
            )
        below += amount
    return drawn


def _height(amount: int, most: int) -> float:
    return TOP + (HEIGHT - BOTTOM - TOP) * (1 - amount / most)


def _grid(amount: int, most: int) -> str:
    y = _height(amount, most)
    return (
        f'<line x1="{LEFT}" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text class="small" x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{amount:,}</text>'
    )


def _legend(index: int, part: str) -> str:
    across = WIDTH // LEGEND_COLUMN
    x, y = index % across * LEGEND_COLUMN, HEIGHT + index // across * LEGEND_ROW
    square = f'<rect class="part-{index}" x="{x}" y="{y + 4}" width="12" height="12"/>'
    return f'{square}<text class="small" x="{x + 18}" y="{y + 15}">{escape(part)}</text>'
