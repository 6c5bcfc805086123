"""Check 17: whose scripts, frames and forms the page takes in, and whether any of them could be taken over."""

import asyncio
import re

from verifier.checks.domains import host_of, is_public, registrable
from verifier.checks.fact import Seen
from verifier.checks.page import Page
from verifier.checks.visit import Visit, digest
from verifier.fetch.answer import Failure
from verifier.fetch.fetcher import Errand

MAX_HOSTS = 40  # of one page that are resolved
MAX_SCRIPTS = 12  # of strangers that are fetched and hashed in one round
# What hosting services say under a name that nobody holds there any more, so that anybody may take it.
_UNCLAIMED = re.compile(
    rb"NoSuchBucket|There isn't a GitHub Pages site here|The specified bucket does not exist|NoSuchWebsiteConfiguration|"
    rb"404 Web Site not found|Fastly error: unknown domain|No such app|Repository not found|project not found"
)


async def observe(visit: Visit) -> Seen:
    """Facts: ``hosts`` (what they give, whether they resolve), ``scripts`` of strangers with their hash, ``drawn`` hosts when there is a browser."""
    if why := await visit.why_no_page():
        return visit.not_run("third_parties", why)
    page = await visit.page()
    own = {registrable(host) for host in visit.site.hosts} | {registrable(host_of(page.url))}
    kinds = _kinds(page, own)
    shown = await visit.shown()
    drawn = (
        sorted({host for url in shown.requested if (host := host_of(url)) and registrable(host) not in own})
        if shown
        else None
    )
    hosts = await asyncio.gather(*(_host(visit, host, found) for host, found in sorted(kinds.items())[:MAX_HOSTS]))
    outside = [one for one in page.scripts if one.src and registrable(host_of(one.src)) not in own]
    scripts = await asyncio.gather(*(_script(visit, one.src, one.integrity) for one in outside[:MAX_SCRIPTS]))
    facts = {"hosts": list(hosts), "scripts": list(scripts), "drawn": drawn}
    return visit.seen("third_parties", facts)


def _kinds(page: Page, own: set[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    sources = (
        ("script", [one.src for one in page.scripts]),
        ("frame", [one.src for one in page.frames]),
        ("form", page.forms),
        ("style", page.sheets),
        ("image", page.images),
    )
    for kind, urls in sources:
        for url in urls:
            host = host_of(url)
            if host and registrable(host) not in own:
                found.setdefault(host, set()).add(kind)
    return found


async def _host(visit: Visit, host: str, kinds: set[str]) -> dict[str, object]:
    found = await visit.tools.fetcher.resolve(host)
    missing = found.failure is Failure.NAME_MISSING
    above = await visit.tools.asker.ask(registrable(host), "SOA") if missing else None
    return {
        "host": host, "kinds": sorted(kinds), "public": is_public(host), "missing": missing,
        "free": above is not None and above.rcode == "NXDOMAIN",  # nobody holds the name above it: whoever registers it has the page
        "failure": str(found.failure or ""),
    }  # fmt: skip


async def _script(visit: Visit, src: str, integrity: str) -> dict[str, object]:
    answer = await visit.tools.fetcher.fetch(Errand(src))
    return {
        "src": src.partition("?")[0][:500], "host": host_of(src), "integrity": bool(integrity), "status": answer.status,
        "failure": str(answer.failure or ""), "digest": digest(answer.body) if answer.is_page else "",
        "unclaimed": bool(_UNCLAIMED.search(answer.body[:4096])) and answer.status >= 400,
    }  # fmt: skip
