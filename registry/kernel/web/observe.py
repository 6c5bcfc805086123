"""One log event and two figures per request. The visitor's address is not written down (verifier.md, threat T13)."""

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
        REQUESTS.labels(route, method, str(status)).inc()
        SECONDS.labels(route).observe(seconds)
        get_logger().info("request", route=route, method=method, status=status, milliseconds=round(seconds * 1000, 2))
