"""Judges DNSSEC. Pure."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from verifier.checks.fact import Observation
from verifier.checks.site import Site
from verifier.judge.finding import Finding
from verifier.judge.known import Known
from verifier.judge.rulebook import found

SPARE = timedelta(days=3)
ALGORITHMS = frozenset({8, 13, 14, 15, 16})  # RFC 8624 section 3.1; 8 is still allowed


def judge(_site: Site, _known: Known, seen: Observation) -> Iterator[Finding]:
    """Rules ``dnssec.*``."""
    facts = seen.facts
    if not facts["ds"]:
        yield found("dnssec.unsigned", seen)
        return
    yield from _bogus(seen)
    expiry = facts["earliest_expiry"]
    if expiry and seen.at < datetime.fromisoformat(expiry) < seen.at + SPARE:
        yield found("dnssec.expiring", seen, expires=expiry)
    old = sorted({key["algorithm"] for key in facts["keys"]} - ALGORITHMS)
    if old:
        yield found("dnssec.algorithm", seen, algorithms=old)
    if facts["nsec3_iterations"]:
        yield found("dnssec.iterations", seen, iterations=facts["nsec3_iterations"])


def _bogus(seen: Observation) -> Iterator[Finding]:
    """Two validators must agree before anybody is accused: a resolver here, and our own chain from the register's DS."""
    facts = seen.facts
    refused = [one for one in facts["resolvers"] if one["rcode"] == "SERVFAIL"]
    by_resolver = bool(refused) and facts["unchecked"] == "NOERROR"
    by_us = not facts["valid"] and (bool(facts["keys"]) or facts["unchecked"] == "NOERROR")
    if not by_us and not by_resolver:
        return
    whys = [row["why"] for row in facts["signatures"] if row["why"]] or (
        [] if facts["ds_matches"] else ["DS does not match any DNSKEY"]
    )
    rule = "dnssec.bogus" if by_us and by_resolver else "dnssec.doubt"
    yield found(rule, seen, why=whys or ["SERVFAIL"], ede=sorted({code for one in refused for code in one["ede"]}))
