"""Check 15: links that people do not see and search engines do (暗链). From the source always, from the drawn page when there is a browser."""

from verifier.checks.domains import host_of, is_public, registrable
from verifier.checks.fact import Seen
from verifier.checks.lexicon import is_suspect_host, scan
from verifier.checks.page import Page
from verifier.checks.rendered import Shown
from verifier.checks.visit import Visit

MAX_KEPT = 100  # links of one page that are kept as facts


async def observe(visit: Visit) -> Seen:
    """Facts: ``links`` (invisible, to strangers), ``outlinks`` (domains of all strangers), hidden ``frames``, ``base`` and ``forms`` of strangers."""
    if why := await visit.why_no_page():
        return visit.not_run("hidden_links", why)
    page = await visit.page()
    own = {registrable(host) for host in visit.site.hosts} | {registrable(host_of(page.url))}
    found = [_link(link.url, link.text, link.hidden, link.block, "source") for link in page.links if link.hidden]
    shown = await visit.shown()
    drawn = shown is not None and not shown.failure
    if shown is not None and drawn:
        found = _drawn(found, shown)
    strangers = [one for one in found if registrable(str(one["host"])) not in own and one["host"]]
    facts = {
        "links": strangers[:MAX_KEPT],
        "count": len(strangers),
        "outlinks": _outlinks(page, own),
        "suspects": _suspects(page, own),
        "frames": [
            {"src": frame.src, "hidden": frame.hidden}
            for frame in page.frames
            if frame.hidden and _strange(frame.src, own)
        ],
        "base": page.redirect if page.redirect and _strange(page.redirect, own) else "",
        "forms": sorted({host_of(form) for form in page.forms if _strange(form, own)}),
        "rendered": {"outcome": "ran"}
        if drawn
        else {"outcome": "not_run", "why": shown.failure if shown else "no_renderer"},
    }
    return visit.seen("hidden_links", facts)


def _link(url: str, text: str, hidden: str, block: str, seen_in: str) -> dict[str, object]:
    host = host_of(url)
    words = [hit.word for hit in scan(text, "anchor") if not hit.excused]
    return {
        "url": url[:500], "host": host, "text": text[:100], "hidden": hidden, "block": block, "public": is_public(host), "words": words,
        "suspect": is_suspect_host(host), "seen_in": seen_in,
    }  # fmt: skip


def _drawn(found: list[dict[str, object]], shown: Shown) -> list[dict[str, object]]:
    """What was drawn decides: what the source hides and the drawing shows is visible, and the other way round."""
    visible = {link.url for link in shown.links if not link.hidden}
    hidden = [_link(link.url, link.text, link.hidden, link.block, "drawn") for link in shown.links if link.hidden]
    known = {str(one["url"]) for one in hidden}
    return hidden + [one for one in found if one["url"] not in known and one["url"] not in visible]


def _strange(url: str, own: set[str]) -> bool:
    host = host_of(url)
    return bool(host) and registrable(host) not in own


def _outlinks(page: Page, own: set[str]) -> list[str]:
    hosts = {host_of(link.url) for link in page.links}
    return sorted({registrable(host) for host in hosts if host} - own)[:1000]


def _suspects(page: Page, own: set[str]) -> list[dict[str, object]]:
    """Visible links to strangers whose text speaks of what does not belong here."""
    found: list[dict[str, object]] = []
    for link in page.links:
        if not link.hidden and link.text and _strange(link.url, own):
            words = [hit.word for hit in scan(link.text, "anchor") if not hit.excused]
            if words and not is_public(host_of(link.url)):
                found.append({"url": link.url[:500], "text": link.text[:100], "words": words})
    return found[:MAX_KEPT]
