"""``/directory``: the red pages (网络红页), every body that holds a live name, by place, kind and service; ``/directory/suggest`` while one types."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from markupsafe import Markup

from registry.kernel.web.app import Context
from registry.kernel.web.charts.tiles import Tile, tile_map
from registry.kernel.web.pages import page
from registry.published import directory
from registry.published.directory import SERVICES, Filter, Listing
from registry.published.places import Place, below, kinds, places_of, provinces
from whois.web.reading import read_with

MAX_PARAMETER = 60  # characters of one parameter; what is longer is cut, not refused
PRINTED = 500  # lines of the page for printing: thirty sheets
_PARAMETERS = ("region", "kind", "service", "q", "after")


async def show_directory(context: Context, request: web.Request) -> web.Response:
    """A page of the directory; parameters ``region``, ``kind``, ``service``, ``q`` and the cursor ``after``."""
    here, after = _asked(request)
    listing = await read_with(context, lambda db: directory.listing(db, _filter(here, after)))
    counts = await read_with(context, directory.counts)
    services = await read_with(context, lambda db: directory.service_counts(db, here["region"]))
    return page(
        request,
        "whois.web/directory.html",
        **_common(here, listing),
        trail=places_of(here["region"]) if here["region"] else (),
        places=_steps(here["region"]),
        kinds=kinds(),
        services=[(one, services[one.key]) for one in SERVICES if services.get(one.key)],
        is_first=not after,
        total=sum(counts.values()),
        picture=_map(counts, here) if not here["region"] else None,
    )


async def show_print(context: Context, request: web.Request) -> web.Response:
    """The same as a plain table for paper, longer pages, without search box and map."""
    here, after = _asked(request)
    listing = await read_with(context, lambda db: directory.listing(db, _filter(here, after), size=PRINTED))
    return page(
        request, "whois.web/directory-print.html", **_common(here, listing, "/directory/print"), now=context.clock.now()
    )


async def suggest(context: Context, request: web.Request) -> web.Response:
    """A few bodies for what stands in the box, as JSON, for the script of the page."""
    found = await read_with(context, lambda db: directory.suggest(db, request.query.get("q", "")[:MAX_PARAMETER]))
    lines = [
        {"name": one.name, "place": one.place_zh, "domain": one.names[0], "href": f"/lookup?q={one.uscc}"}
        for one in found
    ]
    return web.json_response({"found": lines}, headers={"Cache-Control": "public, max-age=60"})


def _asked(request: web.Request) -> tuple[dict[str, str], str]:
    asked = {name: request.query.get(name, "")[:MAX_PARAMETER] for name in _PARAMETERS}
    here = {
        "region": asked["region"] if places_of(asked["region"]) else "",
        "kind": asked["kind"] if asked["kind"] in {one.code for one in kinds()} else "",
        "service": asked["service"] if asked["service"] in {one.key for one in SERVICES} else "",
        "q": asked["q"].strip(),
    }
    return here, asked["after"]


def _filter(here: dict[str, str], after: str) -> Filter:
    return Filter(here["region"], here["kind"], here["service"], here["q"], after)


def _common(here: dict[str, str], listing: Listing, path: str = "/directory") -> dict[str, Any]:
    return {
        "here": here,
        "listing": listing,
        "path_of": _addresses(here, path),
        "print_of": _addresses(here, "/directory/print"),
    }


def _steps(region: str) -> tuple[Place, ...]:
    """The places that one can go to from here."""
    return below(region) if region else provinces()


def _map(counts: dict[str, int], here: dict[str, str]) -> Markup:
    most = max(counts.values(), default=1) or 1
    path_of = _addresses(here, "/directory")
    tiles = {
        code: Tile((bodies / most) ** 0.5, f"{bodies:,}", path_of(region=f"{code}0000"))
        for code, bodies in counts.items()
    }
    drawn = tile_map("各省持有官方名称的机构数", "点选省份进入", tiles)
    return Markup(drawn)  # noqa: S704  # drawn by the kernel, which escapes every text


def _addresses(here: dict[str, str], path: str) -> Callable[..., str]:
    """Makes the address of this page with some parameters changed."""

    def address(**changed: str) -> str:
        parameters = {name: value for name, value in {**here, **changed}.items() if value}
        return path + (f"?{urlencode(parameters)}" if parameters else "")

    return address
