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
from registry.kernel.web.pages import page
from verifier.address import parse_address
from verifier.host_set import digest_of
from verifier.marks import store
from verifier.marks.history import read_history
from verifier.marks.looks import LOOK_WORDS
from verifier.marks.mark_id import read_mark_id
from verifier.marks.states import STATE_WORDS, STATUS_VALUES, MarkState
from verifier.marks.store import Mark
from verifier.moment import moment_before, moment_of
from verifier.web.desk import Desk
from verifier.web.published import CREDENTIAL_TYPE, OPEN, credential_of


class CameFrom(StrEnum):
    """Where the visitor was before."""

    HERE = "here"  # the browser says: a host of the mark
    ELSEWHERE = "elsewhere"
    OFFICIAL = "official"  # another genuine site, which may well link to this page
    UNSAID = "unsaid"


@dataclass(frozen=True, slots=True)
class Arrival:
    """``host`` (U-form) is where the visitor came from, when that was somewhere else."""

    came: CameFrom
    host: str = ""


async def show_mark(desk: Desk, request: web.Request) -> web.Response:
    """The verification page."""
    mark = await mark_of(desk, request)
    arrival = await _arrival_of(desk, request, mark)
    now = desk.clock.now()
    is_valid = mark.state is MarkState.VALID
    return page(
        request,
        "verifier.web/mark.html",
        mark=mark,
        arrival=arrival,
        look=LOOK_WORDS[mark.look],
        state=STATE_WORDS[mark.state],
        status_value=STATUS_VALUES[mark.state],
        credential=credential_of(desk, mark) if is_valid else "",
        moment=moment_of(desk.secret, mark.id, now) if is_valid else None,
        before=moment_before(desk.secret, mark.id, now) if is_valid else None,
        history=await read_history(desk.db, mark.id),
        digest=digest_of(mark.hosts[0]),
        key=desk.key,
        qr=qr_code(f"{desk.config.public_url}/v/{mark.id}"),
        now=now,
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


async def _arrival_of(desk: Desk, request: web.Request, mark: Mark) -> Arrival:
    """What is known about where the visitor comes from; a copy that sent him is noted."""
    arrival = arrival_of(request, mark)
    if arrival.came is not CameFrom.ELSEWHERE:
        return arrival
    await desk.questions.refresh()
    marked = desk.questions.snapshot.mark_of_host(parse_address(arrival.host).host)
    if marked is not None and marked.state is MarkState.VALID:
        return Arrival(CameFrom.OFFICIAL, arrival.host)
    if request.headers.get("Referer") and request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate":
        await desk.sightings.note("page", mark, parse_address(arrival.host).host)
    return arrival


def arrival_of(request: web.Request, mark: Mark) -> Arrival:
    """What request and link say. Our own pages do not count."""
    referrer = parse_address(request.headers.get("Referer", ""))
    if referrer.host and referrer.host != parse_address(request.host).host:
        return Arrival(CameFrom.HERE) if referrer.host in mark.hosts else Arrival(CameFrom.ELSEWHERE, referrer.host_u)
    told = parse_address(request.query.get("from", ""))
    if told.host and told.host not in mark.hosts:
        return Arrival(CameFrom.ELSEWHERE, told.host_u)
    return Arrival(CameFrom.UNSAID)


def qr_code(text: str) -> str:
    """An inline SVG of the QR code."""
    return segno.make(text, error="m", micro=False).svg_inline(
        border=1, omitsize=True, dark="#1d1a17", lineclass=None, svgclass=None
    )
