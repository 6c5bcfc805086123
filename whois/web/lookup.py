"""``/lookup``: one question, one page that a citizen understands in five seconds."""

from typing import Any

from aiohttp import web
from markupsafe import Markup

from registry.kernel.errors import Refusal
from registry.kernel.web.app import Context
from registry.kernel.web.pages import page
from registry.published import bodies, directory, domains, events
from registry.published.records import DomainRecord, Retired, Variant
from whois.disclosure import people_of
from whois.web.chain import chain_picture
from whois.web.question import CodeQuestion, NameQuestion, NoQuestion, WordQuestion, read_question
from whois.web.reading import read_with
from whois.web.view import name_view, picture_of, share_link
from whois.words import BODY_STATUS, EVENT_OTHER, EVENT_WORDS, LEVEL, MARK_STATE, MEMBER_ROLE, NAME_ROLE

WORDS: dict[str, Any] = {
    "body_status": BODY_STATUS,
    "level": LEVEL,
    "mark_words": MARK_STATE,
    "member_role": MEMBER_ROLE,
    "name_role": NAME_ROLE,
}
FOUND_BY_WORD = 20  # bodies that a word shows on this page; the directory goes on


async def show_lookup(context: Context, request: web.Request) -> web.Response:
    """Answer ``?q=``: a name in any form, an address, a code, or the name of a body."""
    text = request.query.get("q", "")
    match read_question(text):
        case NoQuestion():
            return page(request, "whois.web/lookup.html", q="")
        case NameQuestion(name, host):
            return await _name(context, request, text, name, host)
        case CodeQuestion(code):
            return await _code(context, request, text, code)
        case WordQuestion(word):
            return await _word(context, request, text, word)


async def show_terms(_: Context, request: web.Request) -> web.Response:
    """The terms of the look-up services, to which every RDAP answer links."""
    return page(request, "whois.web/terms.html")


async def _name(context: Context, request: web.Request, text: str, name: str, host: str) -> web.Response:
    found = await read_with(context, lambda db: domains.find(db, name))
    match found:
        case DomainRecord():
            return await _found(context, request, text, found, host if host != name else "")
        case Variant():
            return page(request, "whois.web/variant.html", q=text, variant=found)
        case Retired():
            return page(request, "whois.web/retired.html", q=text, retired=found)
    zones = await read_with(context, domains.zones)
    is_ours = domains.zone_of(name) in zones
    return page(request, "whois.web/missing.html", status=404, q=text, name=name, host=host, is_ours=is_ours)


async def _found(context: Context, request: web.Request, text: str, found: DomainRecord, below: str) -> web.Response:
    view = name_view(found, context.clock.now(), context.config.public_url)
    happened = await read_with(context, lambda db: events.of_domain(db, found.domain.roid))
    uscc = found.body.uscc if found.body else ""
    former = await read_with(context, lambda db: events.former_names(db, uscc)) if uscc else []
    timeline = [(EVENT_WORDS.get(one.act, EVENT_OTHER), one.at) for one in happened]
    zone = found.unicode.rpartition(".")[2]
    drawn = Markup(chain_picture(zone, found.unicode, found.domain.signers))  # noqa: S704  # every text in it is escaped
    return page(
        request,
        "whois.web/name.html",
        q=text,
        view=view,
        shown=people_of(found),
        below=below,
        timeline=timeline,
        former=former,
        chain=drawn,
        **WORDS,
    )


async def _code(context: Context, request: web.Request, text: str, code: str) -> web.Response:
    try:
        detail = await read_with(context, lambda db: bodies.find(db, code))
    except Refusal as refusal:
        return page(request, "whois.web/wrong_code.html", status=422, q=text, code=code, words=refusal.text)
    if detail is None:
        return page(request, "whois.web/no_body.html", status=404, q=text, code=code)
    return _body(context, request, text, detail)


async def _word(context: Context, request: web.Request, text: str, word: str) -> web.Response:
    detail = await read_with(context, lambda db: bodies.find_by_name(db, word))
    if detail is not None:
        return _body(context, request, text, detail)
    listing = await read_with(
        context, lambda db: directory.listing(db, directory.Filter(word=word), size=FOUND_BY_WORD)
    )
    status = 200 if listing.lines else 404
    return page(request, "whois.web/word.html", status=status, q=text, word=word, listing=listing, **WORDS)


def _body(context: Context, request: web.Request, text: str, detail: bodies.BodyDetail) -> web.Response:
    share = share_link(context.config.public_url, detail.body.uscc)
    return page(request, "whois.web/body.html", q=text, detail=detail, share=share, picture=picture_of(share), **WORDS)
