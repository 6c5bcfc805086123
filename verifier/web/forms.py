"""Reads a form of a stranger, with or without one picture, every length bounded while it arrives."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import web

from registry.kernel.errors import Reason, Refusal
from verifier.images.looking import MAX_BYTES, too_large

MULTIPART = "multipart/form-data"
MAX_FIELDS = 20
MAX_FIELD_BYTES = 16 * 1024  # two thousand characters of four octets each, with room
CHUNK_BYTES = 64 * 1024
MAX_BOUNDARY = 70  # characters (RFC 2046, section 5.1.1)
READING_SECONDS = 60.0  # five megabytes over a slow line
_NAME = re.compile(rb'(?i)content-disposition:[^\r\n]*[; ]name="([^"\r\n]*)"')


@dataclass(frozen=True, slots=True)
class Form:
    """Texts without white space around them; ``picture`` is empty when none was chosen."""

    texts: Mapping[str, str]
    picture: bytes = field(default=b"", repr=False)


async def read_form(request: web.Request) -> Form:
    """Refuses with ``SYNTAX_INVALID`` what is no form, ``TOO_LARGE`` what is beyond the bounds, ``UNAVAILABLE`` what does not arrive in time, and
    with ``NOT_PERMITTED`` a form that another site sends with its visitors' browsers.
    """
    _refuse_foreign(request)
    try:
        async with asyncio.timeout(READING_SECONDS):
            return await (_read_parts(request) if request.content_type == MULTIPART else _read_plain(request))
    except TimeoutError as error:
        zh, en = "内容没有在规定时间内传完，请重试", "the form did not arrive in time; please try again"
        raise Refusal(Reason.UNAVAILABLE, zh, en, where="body") from error
    except (
        ValueError,
        LookupError,
        AssertionError,
        RuntimeError,
    ) as error:  # what the readers say of a form that is none
        raise Refusal(Reason.SYNTAX_INVALID, "表单读不出来", "the form cannot be read", where="body") from error


def _refuse_foreign(request: web.Request) -> None:
    origin = request.headers.get("Origin", "")
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"} or (
        origin not in {"", "null"} and origin.partition("://")[2] != request.host
    ):
        raise Refusal(Reason.NOT_PERMITTED, "请在本页面填写", "please use the form on this site")


async def _read_plain(request: web.Request) -> Form:
    data = await request.post()
    return Form({key: _clean(value) for key, value in data.items() if isinstance(value, str)})


async def _read_parts(request: web.Request) -> Form:
    """The parts of RFC 7578, cut at their boundary; the body is small enough to be held whole."""
    boundary = request.headers.get("Content-Type", "").partition("boundary=")[2].partition(";")[0].strip().strip('"')
    if not 0 < len(boundary) <= MAX_BOUNDARY:
        raise ValueError("no boundary")
    pieces = (b"\r\n" + await _body(request)).split(b"\r\n--" + boundary.encode("ascii"))
    if len(pieces) > MAX_FIELDS + 2 or not pieces[-1].startswith(b"--"):
        raise ValueError("too many parts, or no end")
    texts: dict[str, str] = {}
    picture = b""
    for piece in pieces[1:-1]:
        head, _, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        name = _NAME.search(head)
        if name is None:
            raise ValueError("a part without a name")
        if b"filename=" in head:
            picture = picture or (content if name[1] == b"picture" else b"")
        elif len(content) > MAX_FIELD_BYTES:
            raise too_large()
        else:
            texts.setdefault(name[1].decode(), _clean(content.decode()))
    if len(picture) > MAX_BYTES:
        raise too_large()
    return Form(texts, picture)


async def _body(request: web.Request) -> bytes:
    most = MAX_BYTES + MAX_FIELDS * MAX_FIELD_BYTES
    if (request.content_length or 0) > most:
        raise too_large()
    found = bytearray()
    async for chunk in request.content.iter_chunked(CHUNK_BYTES):
        found += chunk
        if len(found) > most:
            raise too_large()
    return bytes(found)


def _clean(text: str) -> str:
    """What the database can hold: no NUL, no half of a surrogate pair."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode().strip()
