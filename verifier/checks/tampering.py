"""Check 13: the home page as three hashes (words, outline, scripts), with what must never be missing on it."""

from verifier.checks.badge import site_codes
from verifier.checks.domains import host_of
from verifier.checks.fact import Seen
from verifier.checks.likeness import digest_of
from verifier.checks.visit import Visit, digest

MAX_SCRIPTS = 200


async def observe(visit: Visit) -> Seen:
    """Facts: ``text`` and ``outline`` (similarity hashes, hexadecimal), ``scripts`` (their addresses) and ``scripts_digest``, ``title`` and marks."""
    why = await visit.why_no_page()
    if why == "unchanged":
        return visit.seen("tampering", {"unchanged": True})
    if why:
        return visit.not_run("tampering", why)
    home, page, reading = await visit.home(), await visit.page(), await visit.reading()
    outside = [one.src.partition("?")[0] for one in page.scripts if one.src]
    facts = {
        "unchanged": False,
        "body": digest(home.body),
        "text": f"{page.text_simhash:016x}",
        "outline": f"{page.outline_simhash:016x}",
        "scripts": outside[:MAX_SCRIPTS],
        "script_hosts": sorted({host_of(one) for one in outside} - {""}),
        "scripts_digest": digest_of(outside),
        "title": page.title,
        "characters": page.characters,
        "names_body": bool(visit.site.body_name)
        and visit.site.body_name in page.title + page.text + page.metas.get("sitename", ""),
        "site_codes": site_codes(page),
        "coding": reading.used,
        "coding_declared": reading.header or reading.meta,
        "coding_wrong": reading.is_wrong,
        "broken_characters": reading.broken,
    }
    return visit.seen("tampering", facts, ("page", home.body, home.last.header("content-type") or "text/html"))
