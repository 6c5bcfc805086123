"""Check 4: the record that binds the mark in the DNS: the site's own, and the one that the verifier publishes for it."""

import asyncio
import re

from registry.kernel.names import to_u
from verifier.checks.asking import Reply
from verifier.checks.fact import Seen
from verifier.checks.visit import Visit

LABEL = "_site-mark"  # verifier.md 3.5 (d)
VERSION = "gm1"
ZONE_SETTING = (
    "mark_zone"  # where the verifier publishes the state of marks; without it only the site's own record is read
)
_PART = re.compile(r"([a-z]+)=(\S*)")


async def observe(visit: Visit) -> Seen:
    """Facts: ``own`` and ``registry``, each with the parts of every record of ours, whether it was secure, and whether an answer came."""
    if not visit.site.mark_id:
        return visit.not_run("dns_mark", "no_mark")
    host = visit.site.hosts[0]
    zone = visit.site.settings.get(ZONE_SETTING, "")
    own, ours = await asyncio.gather(
        visit.tools.asker.ask(f"{LABEL}.{host}", "TXT", dnssec=True),
        visit.tools.asker.ask(f"{host}.{zone}", "TXT", dnssec=True) if zone else _none(),
    )
    facts = {
        "host": host,
        "host_u": _readable(host),
        "own": facts_of(own),
        "registry": facts_of(ours) if ours else None,
    }
    raws = [("dns", one.raw, "application/dns-message") for one in (own, ours) if one and one.raw]
    return visit.seen("dns_mark", facts, *raws)


async def _none() -> Reply | None:
    return None


def facts_of(reply: Reply) -> dict[str, object]:
    """A reply taken apart: only records of our version count."""
    records = [dict(_PART.findall(text)) for text in reply.records]
    return {
        "answered": not reply.failure and reply.rcode in {"NOERROR", "NXDOMAIN"},
        "secure": reply.authentic,
        "records": [record for record in records if record.get("v") == VERSION],
    }


def _readable(host: str) -> str:
    try:
        return to_u(host)
    except ValueError:
        return host
