"""Check 16: the site as five visitors see it at once. Only on sites that agreed: the visitors do not say who they are."""

import asyncio
from collections.abc import Mapping

from verifier.checks.defacement import hits_of
from verifier.checks.domains import host_of, registrable
from verifier.checks.fact import Seen
from verifier.checks.page import take_apart
from verifier.checks.visit import Visit
from verifier.fetch.agents import PERSONAS
from verifier.fetch.answer import Fetched
from verifier.fetch.blocking import blocked_by
from verifier.fetch.charset import read_page
from verifier.fetch.fetcher import Errand

MAX_DOMAINS = 300


async def observe(visit: Visit) -> Seen:
    """Facts: ``personas``, each with what it was shown; the honest agent is one of them."""
    if not visit.site.personas_agreed:
        return visit.not_run("cloaking", "no_consent")
    answers = await asyncio.gather(*(_as(visit, headers) for headers in PERSONAS.values()))
    everybody = {"honest": await visit.home(), **dict(zip(PERSONAS, answers, strict=True))}
    facts = {"personas": {name: _facts(visit, answer) for name, answer in everybody.items()}}
    bodies = [("page", answer.body, "text/html") for answer in everybody.values() if answer.body]
    return visit.seen("cloaking", facts, *bodies)


async def _as(visit: Visit, headers: Mapping[str, str]) -> Fetched:
    return await visit.tools.fetcher.fetch(Errand(visit.site.origin + "/", headers=headers))


def _facts(visit: Visit, answer: Fetched) -> dict[str, object]:
    page = take_apart(answer.final_url, read_page(answer.body, answer.last.header("content-type")))
    own = {registrable(host) for host in visit.site.hosts}
    outlinks = {registrable(host) for link in page.links if (host := host_of(link.url))} - own
    words = sorted({hit.word for hit in hits_of(page) if not hit.excused})
    return {
        "status": answer.status, "failure": str(answer.failure or ""), "blocked": blocked_by(answer.last, answer.body),
        "final_host": host_of(answer.final_url), "refresh_host": host_of(page.refresh) if page.refresh else "", "title": page.title,
        "text": f"{page.text_simhash:016x}", "characters": page.characters, "outlinks": sorted(outlinks)[:MAX_DOMAINS], "words": words,
    }  # fmt: skip
