"""RDAP among the routes of the web application (RFC 7480, RFC 9082): whatever is not plain enough for the lane."""

from aiohttp import web

from registry.kernel.web.app import Context
from whois.lookups import Lookups
from whois.rdap.asking import Question
from whois.rdap.bootstrap import bootstrap
from whois.rdap.desk import Desk
from whois.rdap.lane import OWN_HEADERS
from whois.rdap.members import MEDIA_TYPE

PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Authorization, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


def routes(context: Context) -> list[web.RouteDef]:
    """What the service that listens puts into its application."""
    desk = desk_of(context)

    async def answer(request: web.Request) -> web.Response:
        question = question_of(request)
        reply = desk.at_once(question) or await desk.answer(question)
        headers = {**OWN_HEADERS, **dict(reply.headers)}
        if reply.status == 304:
            return web.Response(status=304, headers=headers)
        return web.Response(body=reply.body, status=reply.status, content_type=MEDIA_TYPE, headers=headers)

    return [
        web.get("/rdap/bootstrap/dns.json", bootstrap(context)),
        web.options("/rdap/{rest:.*}", _preflight),
        web.route("*", "/rdap/{rest:.*}", answer),
    ]


def desk_of(context: Context) -> Desk:
    """The desk of this process; one without memory where nobody lent what look-ups share."""
    lent = context.extras.get("rdap")
    if isinstance(lent, Desk):
        return lent
    return Desk(
        context.config,
        context.clock,
        Lookups(context.config, context.db, context.clock, "alone"),
        context.extras.get("bearers"),
    )


def question_of(request: web.Request) -> Question:
    """The request as the desk takes it."""
    headers = request.headers
    target = request.raw_path if request.raw_path.startswith("/") else request.path_qs
    return Question(
        request.method,
        target,
        headers.get("Host", ""),
        headers.get("Accept", ""),
        headers.get("If-None-Match", ""),
        headers.get("If-Modified-Since", ""),
        headers.get("Authorization", ""),
        request.remote or "",
    )


async def _preflight(_: web.Request) -> web.Response:
    return web.Response(status=204, headers={**OWN_HEADERS, **PREFLIGHT})
