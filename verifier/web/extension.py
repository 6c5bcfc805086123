"""``/verify/extension``: the browser extension of this very installation, with its address and its keys inside, so that it trusts nobody else."""

import io
import zipfile
from functools import lru_cache
from importlib import resources

import msgspec
from aiohttp import web

from registry.kernel.web.pages import page
from verifier.marks.keys import public_jwk
from verifier.web.desk import Desk

WHEN = (2026, 1, 1, 0, 0, 0)  # the same files make the same archive
ENDINGS = (".js", ".json", ".html", ".css")


async def show_extension(_: Desk, request: web.Request) -> web.Response:
    """What it does, and how to install it."""
    return page(request, "verifier.web/extension.html")


async def send_extension(desk: Desk, _: web.Request) -> web.Response:
    """``/verify/extension.zip``."""
    config = {"origin": desk.config.public_url, "keys": [public_jwk(desk.key.public)]}
    headers = {"Content-Disposition": 'attachment; filename="zhengming-extension.zip"', "Cache-Control": "no-cache"}
    return web.Response(body=_packed(msgspec.json.encode(config)), content_type="application/zip", headers=headers)


@lru_cache(maxsize=4)
def _packed(config: bytes) -> bytes:
    files = {
        file.name: file.read_bytes()
        for file in resources.files("verifier.extension").iterdir()
        if file.name.endswith(ENDINGS)
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in sorted({**files, "config.json": config}.items()):
            archive.writestr(zipfile.ZipInfo(name, WHEN), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
