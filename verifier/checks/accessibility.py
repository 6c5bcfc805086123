"""Whether people who see, hear or move differently can use the home page: axe-core in the drawn page. Without a browser or axe it was not run."""

from typing import Any

import msgspec

from verifier.checks.fact import Seen
from verifier.checks.visit import Visit

MAX_NODES = 3  # examples of one rule that are kept


async def observe(visit: Visit) -> Seen:
    """Facts: ``violations`` (rule, impact, how many places, examples), ``passes``."""
    if why := await visit.why_no_page():
        return visit.not_run("accessibility", why)
    shown = await visit.shown()
    if shown is None:
        return visit.not_run("accessibility", "no_renderer")
    if shown.failure or not shown.axe:
        return visit.not_run("accessibility", shown.failure or "no_axe")
    report: dict[str, Any] = msgspec.json.decode(shown.axe)
    facts = {
        "violations": [_violation(one) for one in report.get("violations", [])],
        "passes": int(report.get("passes", 0)),
    }
    return visit.seen("accessibility", facts)


def _violation(one: dict[str, Any]) -> dict[str, object]:
    nodes = one.get("nodes", [])
    return {
        "rule": one.get("id", ""),
        "impact": one.get("impact", ""),
        "places": len(nodes),
        "examples": [str(node)[:300] for node in nodes[:MAX_NODES]],
    }
