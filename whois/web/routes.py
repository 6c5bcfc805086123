"""The public pages of the register: whose is this name (``/lookup``), and the directory of bodies (``/directory``, 网络红页)."""

from collections.abc import Awaitable, Callable
from functools import partial

from aiohttp import web

from registry.kernel.web.app import Context
from whois.web.directory import show_directory
from whois.web.lookup import show_lookup, show_terms

Handler = Callable[[Context, web.Request], Awaitable[web.Response]]

ROUTES: tuple[tuple[str, Handler], ...] = (
    ("/lookup", show_lookup),
    ("/lookup/terms", show_terms),
    ("/directory", show_directory),
)


def routes(context: Context) -> list[web.RouteDef]:
    """What the service that listens puts into its application."""
    return [web.get(path, partial(handler, context)) for path, handler in ROUTES]
