"""``/badge/ID``: the mark as it is shown on a site, in an iframe that browsers draw only there.

Never a picture and never a script: a picture can be copied, a script is a hole in the site. The answer is a
small HTML document whose policy names the hosts of the mark as the only ``frame-ancestors``, so a browser draws
nothing on a copied page, nor when the genuine page is itself framed by a strange one (verifier.md 3.4, T2 and
T3). It loads nothing, sets no cookie, and works in a sandbox; its one style sheet is allowed by hash.
"""

import base64
import hashlib
from importlib import resources

from aiohttp import web

from registry.kernel.web.pages import render
from verifier.address import parse_address
from verifier.marks.looks import LOOK_WORDS
from verifier.marks.origin import origin_of, read_origin
from verifier.marks.states import STATE_WORDS
from verifier.marks.store import Mark
from verifier.web.desk import Desk
from verifier.web.mark_page import mark_of, note_foreign

STYLE = (resources.files("verifier.web") / "templates" / "badge.css").read_text("utf-8")
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()


async def show_badge(desk: Desk, request: web.Request) -> web.Response:
    """The document in the frame."""
    mark = await mark_of(desk, request)
    framer = parse_address(request.headers.get("Referer", ""))
    if framer.host and framer.host not in mark.hosts and framer.host != parse_address(request.host).host:
        note_foreign("badge", mark, framer.host_u)
    text = render(
        request,
        "verifier.web/badge.html",
        mark=mark,
        style=STYLE,
        look=LOOK_WORDS[mark.look],
        state=STATE_WORDS[mark.state],
        now=desk.clock.now(),
    )
    headers = {
        "Content-Security-Policy": badge_policy(mark),
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Cache-Control": "no-cache",
        "Referrer-Policy": "origin",
    }
    return web.Response(text=text, content_type="text/html", headers=headers)


def badge_policy(mark: Mark) -> str:
    """Only the hosts of the mark may frame it, over https, at the port that the site has."""
    port = read_origin(mark.origin).port
    ancestors = " ".join(origin_of(host, port) for host in mark.hosts)
    style = f"style-src 'sha256-{_STYLE_HASH}'"
    return f"default-src 'none'; {style}; base-uri 'none'; form-action 'none'; frame-ancestors {ancestors}"
