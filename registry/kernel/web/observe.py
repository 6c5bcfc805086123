"""One log event and two figures per request. The visitor's address is not written down (verifier.md, threat T13)."""

from functools import lru_cache
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from registry.kernel import metrics
from registry.kernel.clock import Clock
from registry.kernel.log import get_logger

REQUESTS = metrics.counter("web_requests", "Requests answered", "route", "method", "status")
SECONDS = metrics.histogram("web_request_seconds", "Time from request to answer", "route")
UNMATCHED = "unmatched"  # addresses that strangers invent must not become labels of a metric
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Observer:
    """Makes the middleware that watches; outermost, so that it sees the answer as it leaves."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._log = get_logger()

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let the request through and note what became of it."""
        began = self._clock.monotonic()
        status = 500
        try:
            answer = await handler(request)
        except web.HTTPException as exception:
            status = exception.status
            raise
        else:
            status = answer.status
            return answer
        finally:
            self._note(request, status, self._clock.monotonic() - began)

    def _note(self, request: web.Request, status: int, seconds: float) -> None:
        resource = request.match_info.route.resource
        route = resource.canonical if resource else UNMATCHED
        method = request.method if request.method in METHODS else "other"
        requests, times = _figures(route, method, status)
        requests.inc()
        times.observe(seconds)
        self._log.info("request", route=route, method=method, status=status, milliseconds=round(seconds * 1000, 2))


@lru_cache(
    maxsize=4096
)  # routes times methods times statuses; finding a figure by its labels costs as much as counting
def _figures(route: str, method: str, status: int) -> tuple[Any, Any]:
    return REQUESTS.labels(route, method, str(status)), SECONDS.labels(route)
