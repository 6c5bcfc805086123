"""Check 20: what lives at a host that looks like the site, and at how many points it copies it. The index that finds the hosts is elsewhere."""

import asyncio

from verifier.checks.badge import badge_frames, site_codes
from verifier.checks.domains import host_of, registrable
from verifier.checks.fact import Seen
from verifier.checks.likeness import likeness
from verifier.checks.page import Page, take_apart
from verifier.checks.visit import Visit
from verifier.fetch.charset import read_page
from verifier.fetch.fetcher import Errand

MAX_CANDIDATES = 20  # of one site in one round; the next round goes on


async def observe(visit: Visit) -> Seen:
    """Facts: ``candidates``, each with what answers there and what it shares with the site."""
    if not visit.candidates:
        return visit.seen("lookalikes", {"candidates": []})
    page = None if await visit.why_no_page() else await visit.page()
    found = await asyncio.gather(*(_candidate(visit, host, page) for host in visit.candidates[:MAX_CANDIDATES]))
    bodies = [("page", body, "text/html") for _, body in found if body]
    return visit.seen(
        "lookalikes", {"candidates": [facts for facts, _ in found], "compared": page is not None}, *bodies
    )


async def _candidate(visit: Visit, host: str, original: Page | None) -> tuple[dict[str, object], bytes]:
    for scheme in ("https", "http"):
        answer = await visit.tools.fetcher.fetch(Errand(f"{scheme}://{host}/", believe=False))
        if answer.failure is None:
            break
    facts: dict[str, object] = {
        "host": host,
        "status": answer.status,
        "failure": str(answer.failure or ""),
        "final_host": host_of(answer.final_url),
    }
    if not answer.is_page:
        return facts, b""
    page = take_apart(answer.final_url, read_page(answer.body, answer.last.header("content-type")))
    return {**facts, **_shared(visit, page, original)}, answer.body


def _shared(visit: Visit, page: Page, original: Page | None) -> dict[str, object]:
    site = visit.site
    own = {registrable(host) for host in site.hosts}
    copied = bool(site.mark_id) and site.mark_id in {str(frame["id"]) for frame in badge_frames(page, site.mark_origin)}
    alike = (
        likeness(page.text_simhash, original.text_simhash)
        if original and original.characters > 100 and page.characters > 100
        else 0
    )
    same_code = bool(site.site_code) and site.site_code in site_codes(page)
    return {
        "title": page.title,
        "leads_home": registrable(host_of(page.url)) in own,
        "likeness": alike,
        "names_body": bool(site.body_name) and site.body_name in page.title,
        "mark_copied": copied,
        "site_code_copied": same_code,
        "asks": sorted({host_of(form) for form in page.forms if host_of(form)})[:10],
        "passwords": any("password" in key for key in page.metas)
        or "密码" in page.text
        or "银行卡" in page.text
        or "身份证号" in page.text,
    }
