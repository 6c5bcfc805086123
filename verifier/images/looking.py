"""Looks at a picture that a stranger sent, in a process of its own that may fail.

Decoders of pictures are large programs in C that read whatever anybody sends; so they never run in the service. The child
(:mod:`verifier.images.child`) gets the octets on its standard input, little memory, few seconds and no secret, and answers with
what the codes in the picture say and with the picture drawn anew: without the place, time and camera that a telephone writes into it, and
without anything that was hidden behind its pixels.
"""

import asyncio
import json
import sys
from dataclasses import dataclass, field

from registry.kernel.errors import Reason, Refusal

MAX_BYTES = 5 << 20  # a screenshot of a large telephone has two megabytes, a photograph four
SECONDS = 15.0  # for one picture, the start of the child included, on a busy machine
AT_ONCE = 2  # children in one process of ours
WAITING_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Picture:
    """``codes`` are the texts of the codes in it, ``content`` the picture drawn anew."""

    codes: tuple[str, ...]
    content_type: str
    width: int
    height: int
    content: bytes = field(repr=False)


class Looking:
    """One per process of ours."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(AT_ONCE)

    async def look(self, raw: bytes, *, is_kept: bool) -> Picture:
        """What is in the picture; ``content`` only when it is to be kept.

        Refuses with ``TOO_LARGE`` (octets or pixels), ``VALUE_INVALID`` (no PNG, JPEG or WebP), ``UNAVAILABLE`` (no place, or no answer in time).
        """
        if len(raw) > MAX_BYTES:
            raise too_large()
        try:
            async with asyncio.timeout(WAITING_SECONDS):
                await self._places.acquire()
        except TimeoutError as error:
            raise _busy() from error
        try:
            return _read(await _ask_child(raw, is_kept=is_kept))
        finally:
            self._places.release()


async def _ask_child(raw: bytes, *, is_kept: bool) -> bytes:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "verifier.images.child", "keep" if is_kept else "read",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(entry or "." for entry in sys.path)},
    )  # fmt: skip
    try:
        async with asyncio.timeout(SECONDS):
            told, _ = await child.communicate(raw)
    except TimeoutError as error:
        raise _busy() from error
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode != 0:
        raise no_picture()
    return told


def _read(told: bytes) -> Picture:
    head, _, content = told.partition(b"\n")
    facts = json.loads(head)
    if facts["refused"] == "large":
        raise too_large()
    if facts["refused"]:
        raise no_picture()
    return Picture(tuple(facts["codes"]), facts["content_type"], facts["width"], facts["height"], content)


def too_large() -> Refusal:
    """For what is beyond the bounds."""
    most = MAX_BYTES >> 20
    return Refusal(
        Reason.TOO_LARGE,
        f"图片过大：最多 {most} MB、4000 万像素",
        f"the picture is too large: at most {most} MB and 40 million pixels",
        where="picture",
    )


def no_picture() -> Refusal:
    """For what is no picture that we read."""
    return Refusal(
        Reason.VALUE_INVALID,
        "这不是可以读取的图片，请上传 PNG、JPEG 或 WebP",
        "this is no picture that can be read; send PNG, JPEG or WebP",
        where="picture",
    )


def _busy() -> Refusal:
    zh, en = "正在处理的图片太多，请稍后再试", "too many pictures are being read; please try again later"
    return Refusal(Reason.UNAVAILABLE, zh, en, where="picture")
