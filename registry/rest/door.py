"""The machines' door: what a handler is given, what it gives back, and how it acts.

A handler is thin: it reads, runs one flow, and renders. Who asks, how often and how much was settled before it is
called (:func:`registry.rest.app.routes`); what it refuses is rendered after it.
"""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec
from aiohttp import web

from registry.flows.act import Act, Caller
from registry.flows.client.confirm import ConfirmClient, confirm_client
from registry.flows.establishment.push_batch import Desk
from registry.flows.idempotency.once import Outcome, Request, once
from registry.flows.runner import Runner
from registry.kernel.errors import Fault
from registry.rest.auth import Grant, Tokens
from registry.rest.limits import Limits
from registry.rest.problems import MEDIA_TYPE as PROBLEM
from registry.rest.reading import idempotency_key, read_json, storable
from registry.rest.room import Room

T = TypeVar("T")
PUBLIC = Caller("person", "public")  # whoever asks without a token


@dataclass(frozen=True, slots=True)
class Door:
    """What all handlers share."""

    runner: Runner
    base_url: str
    tokens: Tokens
    limits: Limits
    desk: Desk
    room: Room = field(default_factory=Room)
    extras: Mapping[str, Any] = field(default_factory=dict)  # what other doors lend (registry/cli/web.py)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: ``body`` was read and is bounded; ``grant`` is None on a public path."""

    request: web.Request
    body: bytes
    grant: Grant | None

    def order(self, kind: type[T]) -> T:
        """The JSON body as ``kind``; refuses with SYNTAX_INVALID."""
        return read_json(self.request, self.body, kind)

    def part(self, name: str) -> str:
        """A variable part of the path, percent-decoded."""
        return storable(self.request.match_info[name])


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes out: JSON text, or none for an empty body; ``kind`` is the media type of anything else."""

    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)
    kind: str = ""

    @classmethod
    def of(cls, outcome: Outcome, collection: str = "", key: str = "id") -> "Answer":
        """An outcome as it was remembered; what was created (201) is located below ``collection`` by its member ``key``."""
        headers = {}
        if collection and outcome.status == HTTPStatus.CREATED:
            headers["Location"] = f"{collection}/{quote(msgspec.json.decode(outcome.body)[key])}"
        return cls(outcome.status, outcome.body, headers)

    @property
    def media_type(self) -> str:
        """JSON, or a problem when it tells of one (RFC 9457 section 3); OAuth errors are plain JSON and have no ``type``."""
        if self.kind:
            return self.kind
        is_problem = self.status >= HTTPStatus.BAD_REQUEST and '"type":' in self.body
        return PROBLEM if is_problem else "application/json"


Handler = Callable[[Door, Asked], Awaitable[Answer]]


def to_json(value: object) -> str:
    """JSON text; instants as RFC 3339 in UTC."""
    return msgspec.json.encode(value).decode()


async def act_as_client(door: Door, asked: Asked, work: Callable[[Act], Awaitable[Outcome]]) -> Outcome:
    """Run ``work`` for the registrar of the token: once per idempotency key, if the client may still act."""
    grant = asked.grant
    if grant is None:
        raise Fault("a handler acts for a client on a path that asks for no token")
    changes = asked.request.method not in ("GET", "HEAD")
    order = ConfirmClient(grant.client_id, grant.registrar_id, changes)
    request = Request(grant.client_id, idempotency_key(asked.request), _digest(asked))

    async def flow(act: Act) -> Outcome:
        await confirm_client(act, order)
        return await once(act, request, work)

    return await door.runner.run(Caller("registrar", grant.registrar_id), flow)


def _digest(asked: Asked) -> bytes:
    """What makes two requests the same: method, path and body."""
    head = f"{asked.request.method} {asked.request.raw_path}\n".encode("utf-8", "surrogateescape")
    return hashlib.sha256(head + asked.body).digest()
