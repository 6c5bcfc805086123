"""``/directory``: the red pages (网络红页), every body that has a name, by region and kind."""

from collections.abc import Callable
from urllib.parse import urlencode

from aiohttp import web

from registry.kernel.web.app import Context
from registry.kernel.web.pages import page
from registry.published import bodies
from registry.published.places import Place, below, kinds, places_of, provinces

MAX_PARAMETER = 60  # characters of one parameter; what is longer is cut, not refused


async def show_directory(context: Context, request: web.Request) -> web.Response:
    """A page of the directory; parameters ``region``, ``kind``, ``q`` and the cursor ``after``."""
    asked = {name: request.query.get(name, "")[:MAX_PARAMETER] for name in ("region", "kind", "q", "after")}
    region = asked["region"] if places_of(asked["region"]) else ""
    kind = asked["kind"] if asked["kind"] in {one.code for one in kinds()} else ""
    wanted = bodies.Filter(region, kind, asked["q"], asked["after"])
    listing = await bodies.listing(context.db, wanted)
    here = {"region": region, "kind": kind, "q": asked["q"].strip()}
    return page(
        request,
        "whois.web/directory.html",
        here=here,
        path_of=_addresses(here),
        trail=places_of(region) if region else (),
        places=_steps(region),
        kinds=kinds(),
        listing=listing,
        is_first=not asked["after"],
    )


def _steps(region: str) -> tuple[Place, ...]:
    """The places that one can go to from here."""
    return below(region) if region else provinces()


def _addresses(here: dict[str, str]) -> Callable[..., str]:
    """Makes the address of this page with some parameters changed."""

    def address(**changed: str) -> str:
        parameters = {name: value for name, value in {**here, **changed}.items() if value}
        return "/directory" + (f"?{urlencode(parameters)}" if parameters else "")

    return address
