"""Check 8: where the site leads, hop by hop: from plain HTTP, from HTTPS, by a refresh in the page, and by scripts when there is a browser."""

from verifier.checks.domains import host_of
from verifier.checks.fact import Seen
from verifier.checks.visit import Visit
from verifier.fetch.answer import Fetched
from verifier.fetch.fetcher import Errand

PLAIN_PORT_SETTING = "http_port"  # for sites (and tests) whose plain HTTP is not at 80


async def observe(visit: Visit) -> Seen:
    """Facts: ``http`` and ``https`` chains, ``refresh`` (address and seconds), ``scripted`` (where scripts went; ``None`` without a browser)."""
    host = host_of(visit.site.origin + "/")
    port = visit.site.settings.get(PLAIN_PORT_SETTING, "80")
    plain = await visit.tools.fetcher.fetch(Errand(f"http://{host}{'' if port == '80' else ':' + port}/"))
    home = await visit.home()
    page = await visit.page() if not await visit.why_no_page() else None
    shown = await visit.shown()
    facts = {
        "http": _chain(plain),
        "https": _chain(home),
        "refresh": page.refresh if page else "",
        "refresh_seconds": page.refresh_seconds if page else 0.0,
        "scripted": list(shown.navigated) if shown and not shown.failure else None,
    }
    return visit.seen("redirects", facts)


def _chain(fetched: Fetched) -> dict[str, object]:
    hops = [
        {"url": hop.url, "status": hop.status, "location": hop.location, "address": hop.address} for hop in fetched.hops
    ]
    return {
        "hops": hops,
        "failure": str(fetched.failure or ""),
        "final_host": host_of(fetched.final_url),
        "final_url": fetched.final_url,
    }
