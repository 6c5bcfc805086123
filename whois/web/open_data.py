"""``/directory/open``: the red pages as files for programs, made and signed once a day (``registry/jobs/publish_directory.py``)."""

import re
from pathlib import Path

from aiohttp import web

from registry.kernel.web.app import Context
from registry.kernel.web.pages import page

FILES = {
    "manifest.json": "application/json", "manifest.jws": "application/jose", "keys.json": "application/jwk-set+json",
    "bodies.jsonl.gz": "application/gzip", "bodies.csv.gz": "application/gzip", "changes.jsonl.gz": "application/gzip",
    "changes.csv.gz": "application/gzip", "allow.txt.gz": "application/gzip", "allow.jsonl.gz": "application/gzip",
}  # fmt: skip
LATEST = "latest"
_DAY = re.compile(r"20\d\d-\d\d-\d\d")
KEPT = {LATEST: "public, max-age=300", "": "public, max-age=31536000, immutable"}  # a day's files never change


async def show_open_data(context: Context, request: web.Request) -> web.Response:
    """What there is, for people."""
    return page(request, "whois.web/open-data.html", days=_days(context)[:31], files=tuple(FILES))


async def send_file(context: Context, request: web.Request) -> web.StreamResponse:
    """One file of a day, or of the newest; 404 for what is neither."""
    day, name = request.match_info["day"], request.match_info["name"]
    days = _days(context)
    chosen = days[0] if day == LATEST and days else day
    if name not in FILES or chosen not in days:
        raise web.HTTPNotFound
    headers = {
        "Content-Type": FILES[name], "Cache-Control": KEPT.get(day, KEPT[""]), "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }  # fmt: skip
    return web.FileResponse(context.config.data / "open" / chosen / name, headers=headers)


def _days(context: Context) -> list[str]:
    """The newest first."""
    root = Path(context.config.data / "open")
    if not root.is_dir():
        return []
    return sorted((path.name for path in root.iterdir() if _DAY.fullmatch(path.name)), reverse=True)
