"""Reading a request: bounded, typed, and refused with the place of the mistake."""

import re
from typing import TypeVar

import msgspec
from aiohttp import web

from registry.kernel.errors import Reason, Refusal

MAX_BODY = 1 << 16  # the longest honest request, thirteen name servers with addresses, has 2 kB
KEY = re.compile(r"[\x21-\x7e]{1,128}")  # an idempotency key: visible ASCII, a UUID as a rule
T = TypeVar("T")


async def read_body(request: web.Request) -> bytes:
    """The whole body. Refuses with TOO_LARGE before more than :data:`MAX_BODY` octets are in memory."""
    if (request.content_length or 0) > MAX_BODY:
        raise _too_large()
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > MAX_BODY:
            raise _too_large()
    return bytes(body)


def read_json(request: web.Request, body: bytes, kind: type[T]) -> T:
    """The body as ``kind``. Refuses with SYNTAX_INVALID: no JSON, unknown or missing field, wrong type or length."""
    if request.content_type != "application/json":
        raise Refusal(
            Reason.SYNTAX_INVALID,
            "Content-Type 须为 application/json",
            "the Content-Type must be application/json",
            where="Content-Type",
            value=request.content_type,
        )
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _malformed(str(error)) from error


def storable(text: str) -> str:
    """The text with U+0000 as U+0001: PostgreSQL keeps no U+0000, and to every rule of ours one control is like another."""
    return text.replace("\0", "\1")


def idempotency_key(request: web.Request) -> str:
    """The Idempotency-Key header, with or without the quotes of a structured field; empty when there is none."""
    value = request.headers.get("Idempotency-Key", "").strip()
    bare = value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value
    if bare and not KEY.fullmatch(bare):
        raise Refusal(
            Reason.SYNTAX_INVALID,
            "Idempotency-Key 须为 1 到 128 个可见 ASCII 字符",
            "an Idempotency-Key has 1 to 128 visible ASCII characters",
            where="Idempotency-Key",
        )
    return bare


def _malformed(said: str) -> Refusal:
    """Msgspec ends its sentence with the path of the mistake: ``… - at `$.uscc```."""
    sentence, _, place = said.partition(" - at `")
    where = place.rstrip("`").removeprefix("$.").removeprefix("$")
    zh = f"请求内容有误（{where}）：{sentence}" if where else f"请求内容有误：{sentence}"
    return Refusal(Reason.SYNTAX_INVALID, zh, sentence, where=where)


def _too_large() -> Refusal:
    return Refusal(Reason.TOO_LARGE, f"请求超过 {MAX_BODY} 字节", f"the request has over {MAX_BODY} octets")
