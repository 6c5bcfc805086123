"""Judges accessibility. Pure."""

from collections.abc import Iterator

from verifier.checks.fact import Observation
from verifier.checks.site import Site
from verifier.judge.finding import Finding
from verifier.judge.known import Known
from verifier.judge.rulebook import found

SERIOUS = frozenset({"serious", "critical"})


def judge(_site: Site, _known: Known, seen: Observation) -> Iterator[Finding]:
    """Rules ``accessibility.*``."""
    serious = [one["rule"] for one in seen.facts["violations"] if one["impact"] in SERIOUS]
    if serious:
        yield found("accessibility.serious", seen, points=5 * len(serious), count=len(serious), rules=serious)
