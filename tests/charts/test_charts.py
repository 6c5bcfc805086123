"""Drawings: well-formed whatever is drawn, true to their figures, and readable without colour."""

import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.web.charts.bars import Bar, bars
from registry.kernel.web.charts.columns import HEIGHT, OTHERS, SHADES, columns
from registry.kernel.web.charts.lines import line
from registry.kernel.web.charts.tiles import PLACES, STEPS, Tile, step_of, tile_map

SVG = "{http://www.w3.org/2000/svg}"
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30)
SHARE = st.none() | st.floats(-1, 2, allow_nan=False)
NUMBER = st.integers(-5, 10**9)


def parsed(svg: str) -> ET.Element:
    """The drawing as XML; the drawings are ours, so the plain parser will do."""
    return ET.fromstring(svg)  # noqa: S314  # made a line above


@given(TEXT, TEXT, st.dictionaries(st.sampled_from(sorted(PLACES)), st.builds(Tile, SHARE, TEXT, TEXT)))
def test_a_map_is_whole_whatever_stands_on_it(title: str, description: str, tiles: dict[str, Tile]) -> None:
    """Every province once, with its name and what is said of it as text, and no markup out of a name."""
    root = parsed(tile_map(title, description, tiles))
    texts = [element.text or "" for element in root.iter(f"{SVG}text")]
    assert len(texts) == 2 * len(PLACES)
    assert {name for _, _, name in PLACES.values()} <= set(texts)
    assert {tile.said for tile in tiles.values()} <= set(texts) | {""}
    assert root.findtext(f"{SVG}title") == title or not title


def test_no_two_provinces_share_a_tile() -> None:
    """The 34 provinces of GB/T 2260 each have a place of their own."""
    assert len(PLACES) == 34
    assert len({(column, row) for column, row, _ in PLACES.values()}) == 34


@given(SHARE)
def test_a_larger_share_is_never_lighter(share: float | None) -> None:
    """Shades go from 1 to 5 with the share; 0 is for nothing known."""
    step = step_of(share)
    assert (step == 0) == (share is None)
    if share is not None:
        assert 1 <= step <= STEPS
        assert step_of(share + 0.1) >= step


@given(TEXT, st.lists(st.builds(Bar, TEXT, NUMBER, NUMBER, TEXT), max_size=12))
def test_bars_stay_in_their_drawing(title: str, rows: list[Bar]) -> None:
    """No bar is longer than the longest, no part longer than its whole, nothing has a length below nothing."""
    root = parsed(bars(title, "", rows))
    lengths = [(float(rect.get("width", "-1")), rect.get("class")) for rect in root.iter(f"{SVG}rect")]
    assert all(0 <= length <= 330.1 for length, _ in lengths)
    tracks = [length for length, kind in lengths if kind == "track"]
    parts = [length for length, kind in lengths if kind == "part"]
    assert all(part <= track for part, track in zip(parts, tracks, strict=True))
    assert len(tracks) == len(rows)


@given(TEXT, st.lists(st.tuples(TEXT, st.floats(-1, 2, allow_nan=False)), max_size=40))
def test_a_line_has_a_dot_for_every_point(title: str, points: list[tuple[str, float]]) -> None:
    """As many dots as points, from left to right, inside the drawing."""
    root = parsed(line(title, "", points))
    dots = [(float(dot.get("cx", "-1")), float(dot.get("cy", "-1"))) for dot in root.iter(f"{SVG}circle")]
    assert len(dots) == len(points)
    assert dots == sorted(dots, key=lambda dot: dot[0])
    assert all(0 <= x <= 610 and 0 <= y <= 170 for x, y in dots)


@given(
    TEXT,
    st.lists(
        st.tuples(TEXT, st.dictionaries(TEXT.filter(lambda part: part != OTHERS), st.integers(0, 10**9), max_size=9)),
        max_size=12,
    ),
)
def test_columns_are_as_high_as_their_amounts(title: str, points: list[tuple[str, dict[str, int]]]) -> None:
    """Each column's parts add up to its amount on the scale of the highest, none leaves the drawing, and the legend names at most six."""
    root = parsed(columns(title, "", points))
    drawn = [one for one in root.iter(f"{SVG}rect") if one.find(f"{SVG}title") is not None]
    most = max((sum(amounts.values()) for _, amounts in points), default=0)
    total = sum(sum(amounts.values()) for _, amounts in points)
    height = sum(float(one.attrib["height"]) for one in drawn)
    if most:
        full = HEIGHT - 24 - 8
        assert abs(height - full * total / most) <= 0.1 * len(drawn) + 0.1
    assert all(0 <= float(one.attrib["y"]) <= HEIGHT for one in drawn)
    legend = [one for one in root.iter(f"{SVG}rect") if one.find(f"{SVG}title") is None]
    assert len(legend) <= SHADES
