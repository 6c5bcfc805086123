"""The guard of the portal: who is asking, may he come here, and did his form come from our page. Handlers see only visits."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import quote

from aiohttp import web

from registry.flows.act import Caller
from registry.flows.institution.reach import find_act_within
from registry.flows.notice.read_inbox import count_unread
from registry.flows.review.reach import find_within
from registry.flows.runner import Flow, Runner
from registry.flows.session.recognise import recognise
from registry.kernel.errors import Reason, Refusal
from registry.kernel.web.app import Context
from registry.kernel.web.limits import Buckets
from registry.kernel.web.pages import page
from registry.model.person import Person
from registry.portal.cookies import Cookies
from registry.portal.forms import check_token, form_token, read_form
from registry.portal.going import go_on
from registry.portal.rights import Right, Scope, right_of
from registry.portal.uploads import MULTIPART, Room, Upload, read_upload
from registry.portal.words import WORDS, menu_of

T = TypeVar("T")
SIGN_IN = "/portal/sign-in"
# A whole office may come from one address at nine o'clock; five a second is a quarter of a core for hashing.
SIGN_INS_PER_SECOND, SIGN_INS_AT_ONCE = 5.0, 300.0
MAX_AGENT = 512  # characters of a browser's name for itself that count


@dataclass(frozen=True, slots=True)
class Door:
    """What every handler of the portal needs; one a process."""

    runner: Runner
    cookies: Cookies
    sign_ins: Buckets = field(default_factory=lambda: Buckets(SIGN_INS_PER_SECOND, SIGN_INS_AT_ONCE))
    uploads: Room = field(default_factory=lambda: Room(asyncio.Semaphore(1)))


def open_door(context: Context) -> Door:
    """Build it from what the application offers."""
    runner = context.runner or Runner(context.db, context.clock, context.config)
    cookies = Cookies(context.config.public_url.startswith("https://"))
    return Door(runner, cookies, uploads=Room(asyncio.Semaphore(context.config.document.uploads_at_once)))


@dataclass(frozen=True, slots=True)
class Visit:
    """A request that passed the guard. ``form`` is empty for a GET."""

    door: Door
    request: web.Request
    person: Person
    token: str = field(repr=False)
    form: Mapping[str, str] = field(default_factory=dict)
    unread: int = 0  # notices, for the menu
    upload: Upload | None = None  # the file of a form that has one

    async def run(self, flow: Flow[T]) -> T:
        """Run an act of this person."""
        return await self.door.runner.run(Caller("person", self.person.username), flow)

    def page(
        self, template: str, *, package: str = "registry.portal", status: int = 200, **values: Any
    ) -> web.Response:
        """A page of the portal, which nobody may keep."""
        answer = page(
            self.request,
            f"{package}/{template}",
            status=status,
            person=self.person,
            csrf=form_token(self.token),
            menu=menu_of(self.person.role),
            unread=self.unread,
            words=WORDS,
            **values,
        )
        answer.headers["Cache-Control"] = "no-store"
        return answer


Handler = Callable[[Visit], Awaitable[web.StreamResponse]]
OpenHandler = Callable[[Door, web.Request], Awaitable[web.StreamResponse]]


def guarded(door: Door, method: str, path: str, handler: Handler) -> web.RouteDef:
    """A route for people who are signed in, held against its row of the table of rights."""
    right = right_of(method, path)

    async def guard(request: web.Request) -> web.StreamResponse:
        token = door.cookies.read(request, "session")
        person = await recognise(door.runner, token, agent_of(request)) if token else None
        if person is None:
            return _to_sign_in(request)
        if method == "POST" and right.takes_files and request.content_type == MULTIPART:
            return await guard_upload(request, person, token)
        form = await read_form(request) if method == "POST" else {}
        if method == "POST":
            check_token(request, form, token)
        _check_role(person, right)
        unread = await _unread(door, person) if method == "GET" else 0
        visit = Visit(door, request, person, token, form, unread)
        await _check_reach(visit, right)
        return await handler(visit)

    async def guard_upload(request: web.Request, person: Person, token: str) -> web.StreamResponse:
        """A file is read only from somebody who may come here."""
        _check_role(person, right)
        await _check_reach(Visit(door, request, person, token), right)
        async with door.uploads.place():
            form, upload = await read_upload(request, token)
            return await handler(Visit(door, request, person, token, form, 0, upload))

    return web.route(method, path, guard)


def _check_role(person: Person, right: Right) -> None:
    if person.role not in right.roles:
        raise Refusal(
            Reason.NOT_PERMITTED,
            "您的角色没有这项权限",
            "your role may not do this",
            where="role",
            value=person.role.value,
        )


async def _check_reach(visit: Visit, right: Right) -> None:
    match = visit.request.match_info
    if right.scope is Scope.APPLICATION:
        await visit.run(lambda act: find_within(act, visit.person, match["id"]))
    elif right.scope is Scope.INSTITUTION:
        await visit.run(lambda act: find_act_within(act, visit.person, match["act"]))


def unguarded(door: Door, method: str, path: str, handler: OpenHandler) -> web.RouteDef:
    """A route that needs nobody to be signed in; the table must say so."""
    if right_of(method, path).scope is not Scope.VISITOR:
        raise AssertionError(f"{method} {path} is not open to visitors")

    async def answer(request: web.Request) -> web.StreamResponse:
        return await handler(door, request)

    return web.route(method, path, answer)


async def _unread(door: Door, person: Person) -> int:
    return await door.runner.read(Caller("person", person.username), lambda act: count_unread(act, person))


def agent_of(request: web.Request) -> str:
    """The browser's name for itself, to which a session is bound."""
    return request.headers.get("User-Agent", "")[:MAX_AGENT]


def _to_sign_in(request: web.Request) -> web.Response:
    """To the sign-in, and back afterwards when it was a page that was asked for."""
    back = f"?next={quote(request.path_qs, safe='')}" if request.method == "GET" else ""
    return go_on(SIGN_IN + back)
