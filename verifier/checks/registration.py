"""Check 3: what the register holds for the name, and what lives at names that were official once."""

import asyncio

from verifier.checks.domains import host_of, registrable
from verifier.checks.fact import Seen
from verifier.checks.page import take_apart
from verifier.checks.visit import Visit
from verifier.fetch.charset import read_page
from verifier.fetch.fetcher import Errand

MAX_FORMER = 20  # names of one body; each costs a visit


async def observe(visit: Visit) -> Seen:
    """Facts: ``registered`` as the published views say, and ``former`` names with what answers there."""
    held = visit.site.registered
    former = await asyncio.gather(*(_former(visit, name) for name in visit.site.former_names[:MAX_FORMER]))
    facts = {
        "registered": held is not None,
        "name": held.name if held else "",
        "holder": held.holder_uscc if held else "",
        "statuses": list(held.statuses) if held else [],
        "expires_at": held.expires_at.isoformat() if held and held.expires_at else "",
        "nameservers": list(held.nameservers) if held else [],
        "former": list(former),
    }
    return visit.seen("registration", facts)


async def _former(visit: Visit, name: str) -> dict[str, object]:
    found = await visit.tools.fetcher.resolve(name)
    if found.failure is not None:
        return {"name": name, "resolves": False, "why": str(found.failure)}
    for scheme in ("https", "http"):
        answer = await visit.tools.fetcher.fetch(Errand(f"{scheme}://{name}/"))
        if answer.failure is None:
            break
    final = host_of(answer.final_url)
    page = take_apart(answer.final_url, read_page(answer.body, answer.last.header("content-type")))
    return {
        "name": name,
        "resolves": True,
        "status": answer.status,
        "failure": str(answer.failure or ""),
        "final_host": final,
        "leads_home": final in visit.site.hosts or registrable(final) in {registrable(one) for one in visit.site.hosts},
        "title": page.title,
        "names_body": bool(visit.site.body_name) and visit.site.body_name in page.title + page.text,
        "characters": page.characters,
    }
