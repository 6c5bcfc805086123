"""Static files: each under a name that carries a hash of its content, so that a browser may keep it for ever.

A package offers files by keeping them in its folder ``static``; the application is told the packages once, at
its start, so every worker process answers for every URL that another one wrote into a page.
``/static/style.3f9a0c1b7d2e.css`` is the only form that is served; a changed file has another name, hence
``immutable`` (RFC 8246).
"""

import gzip
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources

from aiohttp import web

PREFIX = "/static/"
HASH_DIGITS = 12  # 48 bits: two versions of one file name never meet by accident
FOR_EVER = "public, max-age=31536000, immutable"
TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "txt": "text/plain; charset=utf-8",
    "woff2": "font/woff2",
}
COMPRESSED = frozenset({"css", "js", "svg", "txt"})


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: its public name, its bytes plain and compressed (empty when that saves nothing)."""

    name: str
    body: bytes
    packed: bytes
    content_type: str


class Assets:
    """The catalogue of static files of one application."""

    def __init__(self, packages: Iterable[str]) -> None:
        self._by_source: dict[str, Asset] = {}
        self._by_name: dict[str, Asset] = {}
        for package in packages:
            self._add_package(package)

    def _add_package(self, package: str) -> None:
        folder = resources.files(package) / "static"
        if not folder.is_dir():
            return
        for file in folder.iterdir():
            asset = _asset(file.name, file.read_bytes())
            self._by_source[f"{package}/{file.name}"] = asset
            self._by_name[asset.name] = asset

    def url(self, source: str) -> str:
        """``style.css`` (the design system) or ``whois.web/map.svg`` to its URL; ``KeyError`` when there is no
        such file.
        """
        known = source if "/" in source else f"registry.kernel.web/{source}"
        return PREFIX + self._by_source[known].name

    async def serve(self, request: web.Request) -> web.Response:
        """Answer ``/static/{name}``."""
        asset = self._by_name.get(request.match_info["name"])
        if asset is None:
            raise web.HTTPNotFound
        headers = {"Cache-Control": FOR_EVER, "Content-Type": asset.content_type, "Vary": "Accept-Encoding"}
        if asset.packed and "gzip" in request.headers.get("Accept-Encoding", ""):
            return web.Response(body=asset.packed, headers={**headers, "Content-Encoding": "gzip"})
        return web.Response(body=asset.body, headers=headers)


def _asset(file_name: str, body: bytes) -> Asset:
    stem, _, extension = file_name.rpartition(".")
    digest = hashlib.sha256(body).hexdigest()[:HASH_DIGITS]
    packed = gzip.compress(body, mtime=0) if extension in COMPRESSED else b""
    return Asset(
        name=f"{stem}.{digest}.{extension}",
        body=body,
        packed=packed if len(packed) < len(body) else b"",
        content_type=TYPES[extension],
    )
