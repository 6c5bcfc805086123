"""The public pages of the register: whose is this name (``/lookup``), and the directory of bodies (``/directory``, 网络红页)."""

from collections.abc import Awaitable, Callable
from functools import partial

from aiohttp import web

from registry.kernel.web.app import Context
from whois.web.bulk import show_form, take_form
from whois.web.directory import show_directory, show_print, suggest
from whois.web.lookup import show_lookup, show_terms
from whois.web.open_data import send_file, show_open_data

Handler = Callable[[Context, web.Request], Awaitable[web.StreamResponse]]

ROUTES: tuple[tuple[str, Handler], ...] = (
    ("/lookup", show_lookup),
    ("/lookup/terms", show_terms),
    ("/lookup/bulk", show_form),
    ("/directory", show_directory),
    ("/directory/print", show_print),
    ("/directory/suggest", suggest),
    ("/directory/open", show_open_data),
    ("/directory/open/{day}/{name}", send_file),
)


def routes(context: Context) -> list[web.RouteDef]:
    """What the service that listens puts into its application."""
    pages = [web.get(path, partial(handler, context)) for path, handler in ROUTES]
    return [*pages, web.post("/lookup/bulk", partial(take_form, context))]
