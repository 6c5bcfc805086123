"""``/portal/notices``: what the person was told, the newest first."""

from aiohttp import web

from registry.flows.notice.read_inbox import mark_all_read, open_letter, read_inbox
from registry.kernel.errors import Reason, Refusal
from registry.portal.going import go_on
from registry.portal.guard import Visit

MAX_DIGITS = 18  # of a notice's number; PostgreSQL's bigint ends there


async def show_inbox(visit: Visit) -> web.StreamResponse:
    """``?before=`` the next page."""
    before = visit.request.query.get("before", "")
    inbox = await visit.run(lambda act: read_inbox(act, visit.person, number_of(before) if before else 0))
    return visit.page("inbox.html", inbox=inbox, is_first_page=not before)


async def show_letter(visit: Visit) -> web.StreamResponse:
    """One notice; whoever sees it has read it."""
    letter = await visit.run(lambda act: open_letter(act, visit.person, number_of(visit.request.match_info["notice"])))
    return visit.page("letter.html", letter=letter)


async def take_reading(visit: Visit) -> web.StreamResponse:
    """Everything that the page showed is read."""
    until = number_of(visit.form.get("until", "0"))
    await visit.run(lambda act: mark_all_read(act, visit.person, until))
    return go_on("/portal/notices")


def number_of(text: str) -> int:
    """The number of something out of an address or a form. Refuses with NOT_FOUND what is none."""
    if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS:
        return int(text)
    raise Refusal(Reason.NOT_FOUND, "没有这个编号", "there is nothing with this number", where="number")
