"""One web application out of the route lists of many packages.

Every package with pages offers ``routes(context) -> list[web.RouteDef]``; the service that listens puts the
lists together here and gets, for all of them alike: security headers, error pages, static files, templates, log
and metrics.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from registry.kernel.clock import Clock
from registry.kernel.config import Config
from registry.kernel.db import Database
from registry.kernel.errors import Fault
from registry.kernel.web.errors import friendly_errors
from registry.kernel.web.observe import Observer
from registry.kernel.web.pages import ENVIRONMENT, KERNEL, make_environment
from registry.kernel.web.security import SecureHeaders
from registry.kernel.web.static import PREFIX, Assets

ICON_CACHE = "public, max-age=86400"  # the address without a hash is asked for by habit; a day is fresh enough


@dataclass(frozen=True, slots=True)
class Context:
    """What a package's routes are built from. ``runner`` runs acts, where the process has one; ``extras`` what
    services lend each other. ``lives`` are what packages keep running beside their pages, as aiohttp's ``cleanup_ctx`` wants it.
    """

    config: Config
    db: Database
    clock: Clock
    runner: Any | None = None
    extras: Mapping[str, Any] = field(default_factory=dict)
    lives: list[Callable[[web.Application], AsyncIterator[None]]] = field(default_factory=list)


CONTEXT: web.AppKey[Context] = web.AppKey("context", Context)


def build_app(
    context: Context, route_lists: Iterable[Iterable[web.AbstractRouteDef]], *, assets: Iterable[str] = ()
) -> web.Application:
    """The application; ``assets`` are the packages beside the kernel whose folder ``static`` is served.

    A route given twice is a fault at once, not a page that hides another one.
    """
    catalogue = Assets((KERNEL, *assets))
    app = web.Application(
        middlewares=[Observer(context.clock).middleware, friendly_errors],
        client_max_size=context.config.web.max_body_bytes,
    )
    app[CONTEXT] = context
    app[ENVIRONMENT] = make_environment(catalogue.url, context.config.public_url)
    app.on_response_prepare.append(SecureHeaders(https=context.config.public_url.startswith("https://")))
    app.router.add_get(PREFIX + "{name}", catalogue.serve)
    app.router.add_get("/favicon.ico", _icon(catalogue.url("seal.svg")))
    for routes in route_lists:
        _add(app, routes)
    _refuse_twins(app)
    app.cleanup_ctx.extend(context.lives)
    return app


def _add(app: web.Application, routes: Iterable[web.AbstractRouteDef]) -> None:
    try:
        app.router.add_routes(routes)
    except RuntimeError as error:  # aiohttp sees the twins that follow each other
        raise Fault(f"two handlers for one address: {error}") from error


def _refuse_twins(app: web.Application) -> None:
    seen: set[tuple[str, str]] = set()
    for route in app.router.routes():
        if route.resource is None:
            continue
        key = (route.method, route.resource.canonical)
        if key in seen:
            raise Fault(f"two handlers for {key[0]} {key[1]}")
        seen.add(key)


def _icon(url: str) -> Any:
    async def icon(_: web.Request) -> web.Response:
        return web.Response(status=308, headers={"Location": url, "Cache-Control": ICON_CACHE})

    return icon
