"""Reading a request: bounded, typed, and refused with the place of the mistake."""

import asyncio
import re
from collections.abc import Collection, Mapping
from typing import TypeVar

import msgspec
from aiohttp import web

from registry.kernel.errors import Reason, Refusal

MAX_BODY = 1 << 16  # the longest honest request, thirteen name servers with addresses, has 2 kB
NUMBER = re.compile(r"[0-9]{1,9}")
READ_SECONDS = 120.0  # the largest body, 8 MiB, over a line of 1 Mbit/s takes 67
KEY = re.compile(r"[\x21-\x7e]{1,128}")  # an idempotency key: visible ASCII, a UUID as a rule
T = TypeVar("T")


async def read_body(request: web.Request, most: int = MAX_BODY) -> bytes:
    """The whole body. Refuses with TOO_LARGE before more than ``most`` octets are in memory (of a compressed one: unpacked)."""
    if (request.content_length or 0) > most:
        raise _too_large(most)
    try:
        async with asyncio.timeout(READ_SECONDS):
            return await _read(request, most)
    except TimeoutError as error:
        zh, en = (
            f"请求未能在 {READ_SECONDS:.0f} 秒内送达",
            f"the request did not arrive within {READ_SECONDS:.0f} seconds",
        )
        raise Refusal(Reason.UNAVAILABLE, zh, en) from error


async def _read(request: web.Request, most: int) -> bytes:
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > most:
            raise _too_large(most)
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


def query(request: web.Request, known: Collection[str]) -> dict[str, str]:
    """The parameters of the query. Refuses with SYNTAX_INVALID one that is unknown or repeated, so that a slip is not a wider question."""
    for name in request.query:
        if name not in known:
            zh, en = "不认识的参数", "an unknown parameter"
            raise Refusal(Reason.SYNTAX_INVALID, zh, en, where="query", value=name)
        if len(request.query.getall(name)) > 1:
            raise Refusal(Reason.SYNTAX_INVALID, "参数重复", "a parameter is repeated", where=name)
    return {name: storable(value) for name, value in request.query.items()}


def whole_number(asked: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    """A parameter as a number. Refuses with VALUE_OUT_OF_RANGE what is none, or not from ``low`` to ``high``."""
    text = asked.get(name, str(default))
    number = int(text) if NUMBER.fullmatch(text) else -1
    if low <= number <= high:
        return number
    zh, en = f"应为 {low} 到 {high} 的整数", f"expected a whole number from {low} to {high}"
    raise Refusal(Reason.VALUE_OUT_OF_RANGE, zh, en, where=name, value=text)


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


def _too_large(most: int) -> Refusal:
    zh, en = f"请求超过 {most} 字节", f"the request has over {most} octets"
    return Refusal(Reason.TOO_LARGE, zh, en, evidence={"limit": most})
