"""A share over time as a line. Pure: figures to SVG."""

from collections.abc import Sequence
from html import escape

WIDTH, HEIGHT, LEFT, BOTTOM = 610, 170, 44, 24  # units of the drawing


def line(title: str, description: str, points: Sequence[tuple[str, float]]) -> str:
    """``points`` are a label and a share from 0 to 1, in the order of time. One point is drawn as a dot; none says so in words."""
    inner = _drawn(points) if points else f'<text x="{LEFT}" y="40">没有数据 no data</text>'
    return (
        f'<svg class="line" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}" '
        f'xmlns="http://www.w3.org/2000/svg"><title>{escape(title)}</title><desc>{escape(description)}</desc>{inner}</svg>'
    )


def _drawn(points: Sequence[tuple[str, float]]) -> str:
    placed = [_place(index, len(points), share) for index, (_, share) in enumerate(points)]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
    grid = "".join(_grid(step) for step in (0.0, 0.5, 1.0))
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in placed)
    first, last = points[0][0], points[-1][0]
    ends = f'<text x="{LEFT}" y="{HEIGHT - 6}">{escape(first)}</text>'
    if len(points) > 1:
        ends += f'<text x="{WIDTH}" y="{HEIGHT - 6}" text-anchor="end">{escape(last)}</text>'
    return f'{grid}<polyline points="{path}"/>{dots}{ends}'


def _place(index: int, many: int, share: float) -> tuple[float, float]:
    x = LEFT + (WIDTH - LEFT - 6) * (index / (many - 1) if many > 1 else 0.0)
    return x, _height(share)


def _height(share: float) -> float:
    return 8 + (HEIGHT - BOTTOM - 8) * (1 - max(0.0, min(1.0, share)))


def _grid(share: float) -> str:
    y = _height(share)
    return (
        f'<line x1="{LEFT}" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{share:.0%}</text>'
    )
