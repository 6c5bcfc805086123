"""``/portal/figures`` and ``/portal/bodies``: the establishment database as reviewers, operators and auditors look at it."""

import csv
import io
from collections.abc import Callable, Iterable
from datetime import date

from aiohttp import web

from registry.flows.establishment.search_bodies import SearchBodies, search_bodies
from registry.flows.establishment.show_body import ShowBody, show_body
from registry.flows.figures.read import Figures, read_figures
from registry.kernel.errors import Reason, Refusal
from registry.kernel.web.charts.bars import Bar, bars
from registry.kernel.web.charts.columns import columns
from registry.kernel.web.charts.lines import line
from registry.kernel.web.charts.tiles import Tile, tile_map
from registry.kernel.web.errors import STATUS
from registry.model.person import Role
from registry.portal.forms import clean
from registry.portal.guard import Visit
from registry.portal.words import LEVELS, STATUSES, place_words
from registry.published.places import kind_words

MAX_QUERY = 100  # characters; no name is longer
PAGE = 20
MAX_OFFSET = 100  # where the search itself ends


async def show_figures(visit: Visit) -> web.StreamResponse:
    """``?region=`` two or four digits for one province or city, ``?form=csv`` as a table (``&of=months`` the amounts over time)."""
    region = clean(visit.request.query.get("region", ""))[:6]
    figures = await visit.run(lambda act: read_figures(act, region))
    if visit.request.query.get("form") == "csv":
        return _months_csv(figures) if visit.request.query.get("of") == "months" else _places_csv(figures)
    return visit.page("figures.html", figures=figures, charts=_charts(figures), shares=_shares(figures))


async def show_bodies(visit: Visit) -> web.StreamResponse:
    """``?q=`` code, name now or once, part, pinyin, initials; ``?region=``, ``?from=``."""
    query = visit.request.query
    text = clean(query.get("q", ""))[:MAX_QUERY].strip()
    region = clean(query.get("region", ""))[:6]
    start = query.get("from", "0")
    offset = (
        min(int(start), MAX_OFFSET) if start.isascii() and start.isdigit() and len(start) < 4 else 0
    )  # three digits
    region = region if region.isascii() and region.isdigit() and len(region) in {2, 4, 6} else ""
    order = SearchBodies(text, region, "", offset, PAGE)
    found, more = await visit.run(lambda act: search_bodies(act, order)) if text else ([], None)
    return visit.page("bodies.html", found=found, more=more, q=text, region=region, offset=offset)


async def show_one(visit: Visit) -> web.StreamResponse:
    """A body with its life; ``?day=`` as it was then. An agency sees its own."""
    uscc = visit.request.match_info["uscc"]
    if visit.person.role is Role.AGENCY and uscc != visit.person.uscc:
        raise Refusal(Reason.NOT_FOUND, "没有这个机构", "there is no such body", where="uscc")
    day = _day(visit.request.query.get("day", ""))
    try:
        shown = await visit.run(lambda act: show_body(act, ShowBody(uscc, day)))
    except Refusal as refusal:
        if refusal.where != "as_of":
            raise
        shown = await visit.run(lambda act: show_body(act, ShowBody(uscc)))
        return visit.page("body.html", status=STATUS[refusal.reason], shown=shown, refusal=refusal, day=day)
    return visit.page("body.html", shown=shown, refusal=None, day=day)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _charts(figures: Figures) -> dict[str, str]:
    """The drawings of the page."""
    said = "深色部分是持有网上名称的机构。 The dark part holds names."
    kinds = [Bar(kind_words(one.key).zh, one.bodies, one.with_name, f"{one.bodies}") for one in figures.kinds]
    levels = [Bar(LEVELS[one.key].zh, one.bodies, one.with_name, f"{one.bodies}") for one in figures.levels]
    statuses = [Bar(STATUSES[one.key].zh, one.bodies, one.with_name, f"{one.bodies}") for one in figures.statuses]
    months = [(f"{month:%Y-%m}", named / alive if alive else 0.0) for month, alive, named in figures.months]
    tiles = {
        one.key: Tile(one.share, _percent(one.share), f"/portal/figures?region={one.key}") for one in figures.places
    }
    return {
        "map": tile_map("各省名称覆盖率", "Coverage by province; the table below has the same figures.", tiles)
        if not figures.region
        else "",
        "kinds": bars("按机构类别", said, kinds),
        "levels": bars("按层级", said, levels),
        "statuses": bars("按状态", said, statuses),
        "months": line("名称覆盖率的变化", "Coverage by month", months),
        "kinds_over_time": columns(
            "存续机构数，按类别",
            "Living bodies by kind, month by month",
            _told(figures, "kind", lambda key: kind_words(key).zh),
        ),
        "levels_over_time": columns(
            "存续机构数，按层级",
            "Living bodies by level, month by month",
            _told(figures, "level", lambda key: LEVELS[key].zh),
        ),
        "statuses_over_time": columns(
            "不再存续或暂停的机构数，按状态",
            "Bodies that are gone or suspended, month by month",
            _told(figures, "status", lambda key: STATUSES[key].zh),
        ),
    }


def _told(figures: Figures, key: str, word: Callable[[str], str]) -> list[tuple[str, dict[str, int]]]:
    return [
        (f"{month:%Y-%m}", {word(value): many for value, many in found.items()})
        for month, found in figures.over_time[key]
    ]


def _shares(figures: Figures) -> dict[str, str]:
    return {one.key: _percent(one.share) for one in figures.places}


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{share:.1%}"


def _places_csv(figures: Figures) -> web.Response:
    rows = [
        [(code := one.key.ljust(6, "0")), place_words(code), one.bodies, one.with_name, one.with_mark]
        for one in figures.places
    ]
    return _csv("figures.csv", [["region", "place", "bodies", "with_name", "with_mark"], *rows])


def _months_csv(figures: Figures) -> web.Response:
    rows = [
        [f"{month:%Y-%m}", key, value, many]
        for key, months in figures.over_time.items()
        for month, found in months
        for value, many in found.items()
    ]
    return _csv("figures-over-time.csv", [["month", "by", "value", "bodies"], *rows])


def _csv(name: str, rows: Iterable[list[object]]) -> web.Response:
    """UTF-8 with a byte order mark, as spreadsheets here want it."""
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return web.Response(
        body=("\ufeff" + file.getvalue()).encode(),
        content_type="text/csv",
        charset="utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
