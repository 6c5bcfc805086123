"""Check 12: the site over IPv6, and whether it is the same site there."""

import asyncio

from verifier.checks.fact import Seen
from verifier.checks.likeness import likeness
from verifier.checks.page import take_apart
from verifier.checks.visit import Visit
from verifier.fetch.answer import Fetched
from verifier.fetch.charset import read_page
from verifier.fetch.fetcher import Errand, parse


async def observe(visit: Visit) -> Seen:
    """Facts: ``addresses``, ``v4`` and ``v6`` (status, failure), ``likeness`` of the texts in percent, ``servers`` of the zone with IPv6."""
    url = parse(visit.site.origin + "/")
    found = await visit.tools.fetcher.resolve((url.raw_host if url else "") or "")
    if not found.v6:
        return visit.seen(
            "ipv6", {"addresses": [], "v4": None, "v6": None, "likeness": 0, "servers": await _servers(visit)}
        )
    four, six = await asyncio.gather(
        *(visit.tools.fetcher.fetch(Errand(visit.site.origin + "/", family=family)) for family in (4, 6))
    )
    facts = {
        "addresses": list(found.v6),
        "v4": {"status": four.status, "failure": str(four.failure or "")},
        "v6": {"status": six.status, "failure": str(six.failure or ""), "ms": six.total_ms},
        "likeness": likeness(_hash(four), _hash(six)) if four.is_page and six.is_page else 0,
        "servers": await _servers(visit),
    }
    return visit.seen("ipv6", facts)


def _hash(fetched: Fetched) -> int:
    return take_apart(fetched.final_url, read_page(fetched.body, fetched.last.header("content-type"))).text_simhash


async def _servers(visit: Visit) -> int:
    """How many name servers of the zone have an IPv6 address."""
    names = visit.site.registered.nameservers if visit.site.registered else ()
    answers = await asyncio.gather(*(visit.tools.asker.ask(name, "AAAA") for name in names))
    return sum(bool(answer.records) for answer in answers)
