"""DNS over HTTPS (RFC 8484): ``/dns-query`` among the web pages.

The web processes hold no zone. They pass the message to the DNS service over its Unix socket on the same machine, so that every transport gives
the same answer at the same serial, padded like those over TLS, and a second process does not keep a second million of names.
"""

import asyncio
import base64
import binascii
from pathlib import Path

from aiohttp import web

from registry.kernel.web.app import Context
from resolver.transport.https_socket import https_socket

PATH = "/dns-query"
MEDIA_TYPE = "application/dns-message"
MAX_MESSAGE_OCTETS = 4096  # as over UDP: no query of a client is longer
ANSWER_SECONDS = 3.0  # rst.md, dns-zz-consistency: what a client waits at most
HEADER_OCTETS = 12


def routes(context: Context) -> list[web.RouteDef]:
    """GET with ``?dns=`` (base64url) and POST with the message as body."""
    where = https_socket(context.config)

    async def get(request: web.Request) -> web.Response:
        return await _answer(where, _decoded(request.query.get("dns", "")))

    async def post(request: web.Request) -> web.Response:
        if request.content_type != MEDIA_TYPE:
            raise web.HTTPUnsupportedMediaType(text=f"请求体须为 {MEDIA_TYPE} / the body must be {MEDIA_TYPE}")
        return await _answer(where, await request.read())

    return [web.get(PATH, get), web.post(PATH, post)]


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""


async def _answer(where: Path, message: bytes) -> web.Response:
    if not HEADER_OCTETS <= len(message) <= MAX_MESSAGE_OCTETS:
        raise web.HTTPBadRequest(text="不是 DNS 报文 / not a DNS message")
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            said = await _ask(where, message)
    except (TimeoutError, OSError) as error:
        raise web.HTTPBadGateway(text="域名服务暂时不可用 / the DNS service is away for a moment") from error
    except EOFError as error:
        raise web.HTTPBadRequest(text="不是 DNS 查询 / not a DNS query") from error
    return web.Response(body=said, content_type=MEDIA_TYPE, headers={"Cache-Control": f"max-age={lowest_ttl(said)}"})


async def _ask(where: Path, message: bytes) -> bytes:
    reader, writer = await asyncio.open_unix_connection(str(where))
    try:
        writer.write(len(message).to_bytes(2, "big") + message)
        size = int.from_bytes(await reader.readexactly(2), "big")
        return await reader.readexactly(size)
    finally:
        writer.close()


def lowest_ttl(message: bytes) -> int:
    """How long an answer may be kept (RFC 8484 section 5.1): the lowest TTL of answer and authority, 0 without records."""
    questions, answers, authorities = (int.from_bytes(message[at : at + 2], "big") for at in (4, 6, 8))
    at = HEADER_OCTETS
    for _ in range(questions):
        at = _after_name(message, at) + 4
    ttls = []
    for _ in range(answers + authorities):
        at = _after_name(message, at)
        ttls.append(int.from_bytes(message[at + 4 : at + 8], "big"))
        at += 10 + int.from_bytes(message[at + 8 : at + 10], "big")
    return min(ttls, default=0)


def _after_name(message: bytes, at: int) -> int:
    while message[at]:
        if message[at] >= 0xC0:
            return at + 2
        at += 1 + message[at]
    return at + 1
