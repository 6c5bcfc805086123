"""The machines' door as routes of the one web process (``registry/kernel/web/app.py`` composes them)."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus

from aiohttp import web

from registry.flows.establishment.push_batch import Desk
from registry.flows.runner import Runner
from registry.kernel.errors import Fault, Reason, Refusal
from registry.kernel.web.app import Context
from registry.rest.auth import Grant, Tokens
from registry.rest.door import Answer, Asked, Door, to_json
from registry.rest.limits import Limits
from registry.rest.openapi import document
from registry.rest.problems import PATH as PROBLEMS_PATH
from registry.rest.problems import PROBLEMS, problem_response, table, wants_english
from registry.rest.reading import MAX_BODY, read_body
from registry.rest.routes import ROUTES, Route

Serve = Callable[[web.Request], Awaitable[web.StreamResponse]]
KEPT_SECONDS = 3600  # the document and the table change with a release only


def routes(context: Context) -> list[web.RouteDef]:
    """Every path of :data:`ROUTES`, ``/api/openapi.json`` and the table of problems."""
    door = _door(context)
    served = [web.route(route.method, route.path, _serve(door, route)) for route in ROUTES]
    return [
        *served,
        web.get("/api/openapi.json", _fixed(to_json(document(ROUTES, door.base_url)))),
        web.get(PROBLEMS_PATH, _fixed(to_json({"problems": table()}))),
    ]


def _door(context: Context) -> Door:
    runner = context.runner
    if not isinstance(runner, Runner):
        raise Fault("the machines' door needs a runner")
    config, clock = context.config, context.clock
    return Door(runner, config.public_url, Tokens(config, clock), Limits(clock), Desk(runner), extras=context.extras)


def _serve(door: Door, route: Route) -> Serve:
    async def serve(request: web.Request) -> web.StreamResponse:
        try:
            grant = _admit(door, route, request)
            with _room(door, route, grant):
                asked = Asked(request, await read_body(request, route.max_body), grant)
                return _response(await route.handler(door, asked))
        except Refusal as refusal:
            headers = _challenge(request, refusal, route)
            return problem_response(refusal, door.base_url, english=wants_english(request), headers=headers)

    return serve


def _admit(door: Door, route: Route, request: web.Request) -> Grant | None:
    """Count the request, and read the token where the path asks for one (RFC 6750 section 2.1)."""
    if not route.scope:
        door.limits.ask_publicly(request.remote)
        return None
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Refusal(
            Reason.CREDENTIALS_WRONG, "请出示访问令牌", "please present an access token", where="Authorization"
        )
    grant = door.tokens.read(token.strip())
    door.limits.ask_as(grant.client_id)
    if route.scope not in grant.scopes:
        zh, en = f"令牌没有 {route.scope} 范围", f"the token does not hold the scope {route.scope}"
        raise Refusal(Reason.NOT_PERMITTED, zh, en, where="scope", value=" ".join(sorted(grant.scopes)))
    return grant


@contextmanager
def _room(door: Door, route: Route, grant: Grant | None) -> Iterator[None]:
    """A place for a large body, before any of it is read; whoever finds none has not used up a request."""
    if route.max_body <= MAX_BODY or grant is None:
        yield
        return
    with door.room.place(grant.client_id):
        door.limits.send_batch_as(grant.client_id)
        yield


def _challenge(request: web.Request, refusal: Refusal, route: Route) -> dict[str, str]:
    """``WWW-Authenticate`` (RFC 6750 section 3): an error code only when credentials were sent."""
    if PROBLEMS[refusal.reason].status is HTTPStatus.UNAUTHORIZED:
        error = ', error="invalid_token"' if "Authorization" in request.headers else ""
        return {"WWW-Authenticate": f'Bearer realm="zhengming"{error}'}
    if refusal.reason is Reason.NOT_PERMITTED and refusal.where == "scope":
        return {"WWW-Authenticate": f'Bearer realm="zhengming", error="insufficient_scope", scope="{route.scope}"'}
    return {}


def _response(answer: Answer) -> web.Response:
    headers = {"Cache-Control": "no-store", **answer.headers}
    return web.Response(status=answer.status, text=answer.body, content_type=answer.media_type, headers=headers)


def _fixed(body: str) -> Serve:
    async def serve(_: web.Request) -> web.StreamResponse:
        headers = {"Cache-Control": f"public, max-age={KEPT_SECONDS}"}
        return web.Response(text=body, content_type="application/json", headers=headers)

    return serve
