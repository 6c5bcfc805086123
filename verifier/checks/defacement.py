"""Check 14: the marks that defacers leave: words, an empty page, one picture, a strange title; and how the page looks when there is a browser."""

from collections.abc import Iterator
from dataclasses import asdict

from verifier.checks.fact import Seen
from verifier.checks.lexicon import VERSION, Hit, scan
from verifier.checks.page import Page
from verifier.checks.visit import Visit

EXTRA_WORDS_SETTING = "forbidden_words"  # separated by |; the reviewers' own list
TEXT_CHARACTERS = 400_000  # of the text that are read for words


def hits_of(page: Page, extra: tuple[str, ...] = ()) -> Iterator[Hit]:
    """Words of the list, wherever a reader or a search engine sees them."""
    yield from scan(page.title, "title", extra)
    yield from scan(" ".join((page.metas.get("keywords", ""), page.metas.get("description", ""))), "meta", extra)
    yield from scan(page.text[:TEXT_CHARACTERS], "text", extra)


async def observe(visit: Visit) -> Seen:
    """Facts: ``words``, ``size``, ``characters``, ``images``, ``title``; when drawn ``picture`` (hash), with its small grey copy as evidence."""
    why = await visit.why_no_page()
    if why == "unchanged":
        return visit.seen("defacement", {"unchanged": True})
    if why:
        return visit.not_run("defacement", why)
    home, page = await visit.home(), await visit.page()
    extra = tuple(word for word in visit.site.settings.get(EXTRA_WORDS_SETTING, "").split("|") if word)
    hits = list(hits_of(page, extra))
    drawn, bodies = await _picture(visit)
    facts = {
        "unchanged": False,
        "lexicon": VERSION,
        "words": [asdict(hit) for hit in hits],
        "size": len(home.body),
        "characters": page.characters,
        "images": len(page.images),
        "links": len(page.links),
        "scripts": len(page.scripts),
        "frames": [frame.src for frame in page.frames][:20],
        "refresh": page.refresh,
        "title": page.title,
        "picture": drawn,
    }
    return visit.seen("defacement", facts, *bodies)


async def _picture(visit: Visit) -> tuple[object, list[tuple[str, bytes, str]]]:
    shown = await visit.shown()
    if shown is None:
        return {"outcome": "not_run", "why": "no_renderer"}, []
    if shown.failure:
        return {"outcome": "not_run", "why": shown.failure}, []
    from verifier.checks.likeness import picture_hash  # arrays are loaded for drawn pages alone

    drawn = {"outcome": "ran", "hash": f"{picture_hash(shown.grey):016x}", "title": shown.title}
    return drawn, [("screenshot", shown.screenshot, "image/png"), ("grey", shown.small, "application/octet-stream")]
