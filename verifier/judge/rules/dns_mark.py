"""Judges the mark in the DNS. Pure."""

from collections.abc import Iterator, Mapping

from verifier.checks.fact import Observation
from verifier.checks.site import Site
from verifier.judge.finding import Finding
from verifier.judge.known import Known
from verifier.judge.rulebook import found


def judge(site: Site, _known: Known, seen: Observation) -> Iterator[Finding]:
    """Rules ``dns_mark.*``."""
    own, registry = seen.facts["own"], seen.facts["registry"]
    if own["answered"]:
        if not own["records"]:
            yield found("dns_mark.missing", seen)
        elif not any(_fits(site, record) for record in own["records"]):
            yield found("dns_mark.other", seen, seen=[record.get("id", "") for record in own["records"]])
        elif not own["secure"]:
            yield found("dns_mark.insecure", seen)
    if (
        registry
        and registry["answered"]
        and not any(record.get("id") == site.mark_id for record in registry["records"])
    ):
        yield found("dns_mark.registry_differs", seen)


def _fits(site: Site, record: Mapping[str, str]) -> bool:
    """The number must be the mark's; the digest, where the site states one, that of the issued token."""
    stated = record.get("h", "")
    return record.get("id") == site.mark_id and (not stated or not site.mark_digest or stated == site.mark_digest)
