"""The addresses of the verifier, in one list."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial

from aiohttp import web

from registry.kernel.web.app import Context
from verifier.web.badge import show_badge
from verifier.web.batch import answer_batch
from verifier.web.desk import Desk, make_desk
from verifier.web.extension import send_extension, show_extension
from verifier.web.hosts import answer_prefix, send_set
from verifier.web.mark_page import show_credential, show_mark
from verifier.web.published import show_keys, show_status_list
from verifier.web.report import show_progress, show_received, show_report, take_report
from verifier.web.scan import answer_scan, show_scan, take_scan
from verifier.web.verify import answer_verify, show_verify

Handler = Callable[[Desk, web.Request], Awaitable[web.Response]]

ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/verify", show_verify),
    ("GET", "/api/v1/verify", answer_verify),
    ("POST", "/api/v1/verify/batch", answer_batch),
    ("GET", "/api/v1/verify/prefix/{prefix}", answer_prefix),
    ("GET", "/api/v1/marks/hosts", send_set),
    ("POST", "/api/v1/verify/scan", answer_scan),
    ("GET", "/verify/scan", show_scan),
    ("POST", "/verify/scan", take_scan),
    ("GET", "/verify/extension", show_extension),
    ("GET", "/verify/extension.zip", send_extension),
    ("GET", "/v/{mark}", show_mark),
    ("GET", "/v/{mark}/credential", show_credential),
    ("GET", "/badge/{mark}", show_badge),
    ("GET", "/.well-known/jwks.json", show_keys),
    ("GET", "/status/{number:[0-9]{1,7}}", show_status_list),
    ("GET", "/report", show_report),
    ("POST", "/report", take_report),
    ("GET", "/report/received", show_received),
    ("GET", "/report/progress", show_progress),
)


async def _knowing(desk: Desk, _: web.Application) -> AsyncIterator[None]:
    """Load what is known of marks and names when the service starts, not when the first citizen asks."""
    loading = asyncio.create_task(desk.questions.warm())
    yield
    loading.cancel()
    await asyncio.gather(loading, return_exceptions=True)


def routes(context: Context) -> list[web.RouteDef]:
    """What the service that listens puts into its application."""
    desk = make_desk(context)
    context.lives.append(partial(_knowing, desk))
    makers = {"GET": web.get, "POST": web.post}  # web.get answers HEAD as well
    return [makers[method](path, partial(handler, desk)) for method, path, handler in ROUTES]
