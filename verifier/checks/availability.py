"""Check 7: one visit by the official rule: is the home page open within fifteen seconds."""

from verifier.checks.fact import Seen
from verifier.checks.visit import Visit
from verifier.fetch.blocking import blocked_by


async def observe(visit: Visit) -> Seen:
    """Facts: ``opened``, ``blocked`` (by what, empty), ``failure``, ``status`` and the phases in milliseconds."""
    home = await visit.home()
    last = home.last
    blocked = blocked_by(last, home.body)
    facts = {
        "opened": not blocked and home.failure is None and (200 <= home.status < 400),
        "blocked": blocked,
        "failure": str(home.failure or ""),
        "detail": last.detail,
        "status": home.status,
        "verify_code": last.verify_code,
        "address": last.address,
        "final_url": home.final_url,
        "total_ms": home.total_ms,
        "resolve_ms": sum(hop.resolve_ms for hop in home.hops),
        "connect_ms": last.connect_ms,
        "first_byte_ms": last.first_byte_ms,
        "hops": len(home.hops),
        "wire_bytes": home.wire_bytes,
        "retry_after": last.header("retry-after"),
        "etag": last.header("etag"),
        "modified": last.header("last-modified"),
    }
    return visit.seen("availability", facts)
