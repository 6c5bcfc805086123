"""Judges links. Pure."""

from collections.abc import Iterator

from verifier.checks.fact import Observation
from verifier.checks.site import Site
from verifier.judge.finding import Finding
from verifier.judge.known import Known
from verifier.judge.rulebook import found

HOME_POINTS, SECOND_POINTS = 10, 1  # tenths for each broken link (2015 census, domain-rules.md 5.3)


def judge(_site: Site, _known: Known, seen: Observation) -> Iterator[Finding]:
    """Rules ``links.*``."""
    tried = seen.facts["tried"]
    danger = [f"{one['url']} ({one['why']})" for one in tried if one["kind"] == "danger"]
    if danger:
        yield found("links.danger", seen, count=len(danger), examples=danger)
    for level, rule, points in ((1, "links.broken_home", HOME_POINTS), (2, "links.broken_second", SECOND_POINTS)):
        broken = [f"{one['url']} ({one['why']})" for one in tried if one["kind"] == "broken" and one["level"] == level]
        if broken:
            yield found(rule, seen, points=points * len(broken), count=len(broken), examples=broken)
