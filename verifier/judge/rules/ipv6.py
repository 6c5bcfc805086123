"""Judges the site over IPv6. Pure."""

from collections.abc import Iterator

from verifier.checks.fact import Observation
from verifier.checks.site import Site
from verifier.judge.finding import Finding
from verifier.judge.known import Known
from verifier.judge.rulebook import found

ALIKE = 90  # percent: a distance of ten (verifier.md 3.2, check 12)


def judge(site: Site, _known: Known, seen: Observation) -> Iterator[Finding]:
    """Rules ``ipv6.*``."""
    facts = seen.facts
    if not facts["addresses"]:
        yield found("ipv6.missing", seen)
        return
    four, six = facts["v4"], facts["v6"]
    if six["failure"] or (six["status"] != four["status"] and not four["failure"]):
        yield found("ipv6.unreachable", seen, why=six["failure"] or six["status"])
    elif not four["failure"] and 200 <= four["status"] < 300 and facts["likeness"] < ALIKE:
        yield found("ipv6.differs", seen, likeness=facts["likeness"])
    if site.registered and facts["servers"] < 2:
        yield found("ipv6.servers", seen, count=facts["servers"])
