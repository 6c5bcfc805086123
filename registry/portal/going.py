"""Where a form leads when its work is done."""

from aiohttp import web


def go_on(where: str) -> web.Response:
    """The page to look at now (RFC 9110, section 15.4.4: asked for by GET, so a reload sends nothing twice); kept by nobody."""
    return web.Response(status=303, headers={"Location": where, "Cache-Control": "no-store"})
