"""``/v/ID``: the page a mark leads to. It names the one address that the mark belongs to, and tells a visitor
who came from elsewhere.

A click on a copied badge brings people here from the copy; the browser tells us where they were (``Referer``;
badges and our own snippets ask for it), or the link does (``?from=``). Only the browser's word can confirm a
visitor's site; a link's word can at most warn.
"""

from dataclasses import dataclass
from enum import StrEnum

import segno
from aiohttp import web

from registry.kernel.errors import Reason, Refusal
from registry.kernel.log import get_logger
from registry.kernel.metrics import counter
from registry.kernel.web.pages import page
from verifier.address import parse_address
from verifier.marks import store
from verifier.marks.looks import LOOK_WORDS
from verifier.marks.mark_id import read_mark_id
from verifier.marks.states import STATE_WORDS, STATUS_VALUES, MarkState
from verifier.marks.store import Mark
from verifier.web.desk import Desk
from verifier.web.published import CREDENTIAL_TYPE, OPEN, credential_of

FOREIGN = counter("verifier_foreign_visits", "Visits to a mark from a host that is not in it", "door")


class CameFrom(StrEnum):
    """Where the visitor was before."""

    HERE = "here"  # the browser says: a host of the mark
    ELSEWHERE = "elsewhere"
    UNSAID = "unsaid"


@dataclass(frozen=True, slots=True)
class Arrival:
    """``host`` (U-form) is where the visitor came from, when that was somewhere else."""

    came: CameFrom
    host: str = ""


async def show_mark(desk: Desk, request: web.Request) -> web.Response:
    """The verification page."""
    mark = await mark_of(desk, request)
    arrival = arrival_of(request, mark)
    if arrival.came is CameFrom.ELSEWHERE:
        note_foreign("page", mark, arrival.host)
    return page(
        request,
        "verifier.web/mark.html",
        mark=mark,
        arrival=arrival,
        look=LOOK_WORDS[mark.look],
        state=STATE_WORDS[mark.state],
        status_value=STATUS_VALUES[mark.state],
        credential=credential_of(desk, mark) if mark.state is MarkState.VALID else "",
        key=desk.key,
        qr=qr_code(f"{desk.config.public_url}/v/{mark.id}"),
        now=desk.clock.now(),
    )


async def show_credential(desk: Desk, request: web.Request) -> web.Response:
    """``/v/ID/credential``: today's signed statement, to keep at ``/.well-known/site-mark.jwt`` or to check."""
    mark = await mark_of(desk, request)
    headers = {**OPEN, "Cache-Control": "public, max-age=300"}
    return web.Response(text=credential_of(desk, mark), content_type=CREDENTIAL_TYPE, headers=headers)


async def mark_of(desk: Desk, request: web.Request) -> Mark:
    """The mark that the path names, however its number was written; ``NOT_FOUND`` otherwise."""
    typed = request.match_info["mark"]
    mark_id = read_mark_id(typed)
    mark = await store.find_mark(desk.db, mark_id) if mark_id else None
    if mark is None:
        raise Refusal(
            Reason.NOT_FOUND,
            "没有这个编号的网站标识。若您是从某个网站点来的，那里的标识是假的",
            "there is no mark with this number; if a site sent you here, the badge on that site is a fake",
            where="mark",
            value=typed[:64],
        )
    return mark


def arrival_of(request: web.Request, mark: Mark) -> Arrival:
    """What is known about where the visitor comes from. Our own pages do not count."""
    referrer = parse_address(request.headers.get("Referer", ""))
    if referrer.host and referrer.host != parse_address(request.host).host:
        return Arrival(CameFrom.HERE) if referrer.host in mark.hosts else Arrival(CameFrom.ELSEWHERE, referrer.host_u)
    told = parse_address(request.query.get("from", ""))
    if told.host and told.host not in mark.hosts:
        return Arrival(CameFrom.ELSEWHERE, told.host_u)
    return Arrival(CameFrom.UNSAID)


def note_foreign(door: str, mark: Mark, host: str) -> None:
    """A copy has shown itself: keep the trace for the people who look into copies. No address of the visitor is
    kept.
    """
    FOREIGN.labels(door).inc()
    get_logger().warning("mark seen elsewhere", door=door, mark=mark.id, host=host[:253])


def qr_code(text: str) -> str:
    """An inline SVG of the QR code."""
    return segno.make(text, error="m", micro=False).svg_inline(
        border=1, omitsize=True, dark="#1d1a17", lineclass=None, svgclass=None
    )
