"""A form with a file (RFC 7578), read from the wire in small pieces with every length bounded, and never larger in memory than its bounds.

The token of the page comes before the file, so that a form that is not ours is refused before anything large is read. A few are read
at once in a process; the others wait, and are told to come back when that takes long.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import BodyPartReader, web

from registry.flows.document.inspect import MAX_BYTES, Inspected, inspect_file, too_large
from registry.kernel.config import Config
from registry.kernel.errors import Reason, Refusal
from registry.portal.forms import FIELD, check_token, clean

MULTIPART = "multipart/form-data"
MAX_FIELDS = 40
MAX_FIELD_BYTES = 64 * 1024  # of one field: four thousand characters as the browser may write them, with room
MAX_NAME = 300  # characters of a file's name that are looked at
CHUNK_BYTES = 64 * 1024
READING_SECONDS = 120.0  # for ten megabytes: a line of one megabit a second
WAITING_SECONDS = 20.0  # for one's turn


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as it was sent: the field that it came in (``where``), the name that it bore there, what it holds."""

    where: str
    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Room:
    """How many uploads are read at once."""

    places: asyncio.Semaphore

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """One place in it. Refuses with UNAVAILABLE when none becomes free."""
        try:
            async with asyncio.timeout(WAITING_SECONDS):
                await self.places.acquire()
        except TimeoutError as error:
            zh, en = "正在接收的文件太多，请稍后再试", "too many files are being received; please try again later"
            raise Refusal(Reason.UNAVAILABLE, zh, en, where="file") from error
        try:
            yield
        finally:
            self.places.release()


async def read_upload(request: web.Request, secret: str) -> tuple[Mapping[str, str], Upload | None]:
    """The fields and the one file, None when none was chosen.

    Refuses with NOT_PERMITTED a form that is not of our page, with TOO_LARGE what is beyond the bounds, with SYNTAX_INVALID what is no such
    form, with UNAVAILABLE what does not arrive in time.
    """
    if request.content_length is not None and request.content_length > MAX_BYTES + MAX_FIELDS * MAX_FIELD_BYTES:
        raise too_large()
    try:
        async with asyncio.timeout(READING_SECONDS):
            return await _read(request, secret)
    except TimeoutError as error:
        zh, en = "文件没有在规定时间内传完，请重试", "the file did not arrive in time; please try again"
        raise Refusal(Reason.UNAVAILABLE, zh, en, where="file") from error
    except (
        ValueError,
        LookupError,
        AssertionError,
        RuntimeError,
    ) as error:  # what the reader says of a form that is none
        raise _no_form() from error


async def _read(request: web.Request, secret: str) -> tuple[Mapping[str, str], Upload | None]:
    fields: dict[str, str] = {}
    upload: Upload | None = None
    reader = await request.multipart()
    for _ in range(MAX_FIELDS):
        part = await reader.next()
        if part is None:
            check_token(request, fields, secret)
            return fields, upload
        if not isinstance(part, BodyPartReader) or not part.name or "Content-Transfer-Encoding" in part.headers:
            raise _no_form()
        if part.filename is None:
            text = (await _content(part, MAX_FIELD_BYTES)).decode("utf-8", "strict")
            fields.setdefault(part.name, clean(text))
            continue
        check_token(request, fields, secret)
        if upload is not None:
            raise Refusal(Reason.TOO_LARGE, "一次只能上传一个文件", "one file at a time", where="file")
        content = await _content(part, MAX_BYTES)
        if part.filename or content:
            upload = Upload(part.name, part.filename[:MAX_NAME], content)
    raise Refusal(Reason.TOO_LARGE, "表单的项目太多", "the form has too many fields", where=FIELD)


async def _content(part: BodyPartReader, most: int) -> bytes:
    found = bytearray()
    while chunk := await part.read_chunk(CHUNK_BYTES):
        found += chunk
        if len(found) > most:
            raise too_large()
    return bytes(found)


async def chosen_file(config: Config, upload: Upload | None, *, is_purpose: bool) -> Inspected:
    """The file of a form, looked at. Refuses with PARAMETER_MISSING (none), VALUE_INVALID (no purpose), and as :func:`inspect_file`."""
    if upload is None:
        raise Refusal(Reason.PARAMETER_MISSING, "请选择要上传的文件", "please choose a file", where="file")
    if not is_purpose:
        raise Refusal(Reason.VALUE_INVALID, "请选择材料的种类", "please say what it is to prove", where="purpose")
    return await inspect_file(config, upload.name, upload.content)


def _no_form() -> Refusal:
    return Refusal(Reason.SYNTAX_INVALID, "提交的不是表单", "what was sent is no form", where="body")
