"""The country as a map of equal tiles, one a province, near where it lies: nobody's size decides how loud he is. Pure: figures to SVG.

Every tile has its name and figure as text, so the map needs no colour to be read; colour comes from classes of the style sheet, which
has a dark half. A table of the same figures belongs beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

STEPS = 5  # shades; more cannot be told apart
SIZE, GAP = 58, 4  # units of the drawing
# Column and row of each province (GB/T 2260), from the north-west at 0, 0.
PLACES: Mapping[str, tuple[int, int, str]] = {
    "23": (8, 0, "黑龙江"), "65": (0, 1, "新疆"), "15": (6, 1, "内蒙古"), "22": (8, 1, "吉林"),
    "62": (2, 2, "甘肃"), "64": (3, 2, "宁夏"), "14": (5, 2, "山西"), "13": (6, 2, "河北"), "11": (7, 2, "北京"), "21": (8, 2, "辽宁"),
    "63": (2, 3, "青海"), "61": (4, 3, "陕西"), "41": (5, 3, "河南"), "37": (6, 3, "山东"), "12": (7, 3, "天津"),
    "54": (1, 4, "西藏"), "51": (3, 4, "四川"), "50": (4, 4, "重庆"), "42": (5, 4, "湖北"), "34": (6, 4, "安徽"), "32": (7, 4, "江苏"),
    "31": (8, 4, "上海"),
    "53": (3, 5, "云南"), "52": (4, 5, "贵州"), "43": (5, 5, "湖南"), "36": (6, 5, "江西"), "33": (7, 5, "浙江"),
    "45": (4, 6, "广西"), "44": (5, 6, "广东"), "35": (6, 6, "福建"), "71": (8, 6, "台湾"),
    "82": (4, 7, "澳门"), "81": (5, 7, "香港"), "46": (3, 7, "海南"),
}  # fmt: skip
_COLUMNS, _ROWS = 9, 8


@dataclass(frozen=True, slots=True)
class Tile:
    """``share`` from 0 to 1, None where there is nothing to take a share of; ``said`` stands on the tile; ``href`` leads on, or is empty."""

    share: float | None
    said: str
    href: str = ""


def tile_map(title: str, description: str, tiles: Mapping[str, Tile]) -> str:
    """The SVG. A province without a figure is drawn without a shade."""
    width, height = _COLUMNS * (SIZE + GAP), _ROWS * (SIZE + GAP)
    drawn = "".join(_tile(code, tiles.get(code, Tile(None, "—"))) for code in PLACES)
    return (
        f'<svg class="tiles" viewBox="0 0 {width} {height}" role="group" aria-label="{escape(title)}" xmlns="http://www.w3.org/2000/svg">'
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>{drawn}</svg>"
    )


def step_of(share: float | None) -> int:
    """The shade: 0 for nothing known, 1 to :data:`STEPS` for a share from 0 to 1."""
    if share is None:
        return 0
    return 1 + min(STEPS - 1, int(max(0.0, min(1.0, share)) * STEPS))


def _tile(code: str, tile: Tile) -> str:
    column, row, name = PLACES[code]
    x, y = column * (SIZE + GAP), row * (SIZE + GAP)
    middle = x + SIZE / 2
    drawn = (
        f'<rect class="shade-{step_of(tile.share)}" x="{x}" y="{y}" width="{SIZE}" height="{SIZE}" rx="5"/>'
        f'<text class="on-{step_of(tile.share)}" x="{middle}" y="{y + 26}" text-anchor="middle">{escape(name)}</text>'
        f'<text class="on-{step_of(tile.share)} small" x="{middle}" y="{y + 45}" text-anchor="middle">{escape(tile.said)}</text>'
    )
    return f'<a href="{escape(tile.href)}">{drawn}</a>' if tile.href else f"<g>{drawn}</g>"
