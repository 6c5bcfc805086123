"""The bootstrap file of our zones (RFC 9224, sections 4 and 5): where RDAP for them lives, in the form of IANA's ``dns.json``.

IANA publishes the file of all zones; this one is ours alone, for programs inside the country and for tests, and what we hand in.
"""

from collections.abc import Awaitable, Callable

from aiohttp import web

from registry.kernel.db import Database
from registry.kernel.web.app import Context
from registry.published import domains

VERSION = "1.0"
CACHE = "public, max-age=3600"  # zones are added by a decision, not by the minute


def bootstrap(context: Context) -> Callable[[web.Request], Awaitable[web.Response]]:
    """The handler of ``/rdap/bootstrap/dns.json``."""

    async def answer(_: web.Request) -> web.Response:
        headers = {
            "Access-Control-Allow-Origin": "*",
            "Cache-Control": CACHE,
            "Cross-Origin-Resource-Policy": "cross-origin",
        }
        return web.json_response(
            await document(context.db, context.config.public_url, context.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")),
            headers=headers,
        )

    return answer


async def document(db: Database, public_url: str, now: str) -> dict[str, object]:
    """The registry object. Zones stand as A-labels, without a dot at either end (section 4)."""
    zones = sorted(await domains.zones(db))
    return {
        "version": VERSION,
        "publication": now,
        "description": "正名 Zhengming: RDAP for the zones of this registry",
        "services": [[zones, [f"{public_url}/rdap/"]]],
    }
