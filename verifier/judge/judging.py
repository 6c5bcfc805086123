"""From observations to findings: the one way. Pure.

``judge`` may be asked again at any time with stored observations, after a rule changed or to rehearse a new one; the answer depends on its
arguments alone. A check that did not run, or was blocked, is judged by nobody: :func:`unseen` names it, and whoever shows results says so.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from verifier.checks.fact import Observation, Outcome
from verifier.checks.site import Site
from verifier.judge.finding import Finding
from verifier.judge.known import Known
from verifier.judge.rules import (
    accessibility,
    availability,
    badge,
    certificate,
    cloaking,
    defacement,
    delegation,
    dns_mark,
    dnssec,
    freshness,
    headers,
    hidden_links,
    ipv6,
    links,
    lookalikes,
    redirects,
    registration,
    services,
    stapled_mark,
    tampering,
    third_parties,
    tls_versions,
)

JUDGES: Mapping[str, Callable[[Site, Known, Observation], Iterator[Finding]]] = {
    "delegation": delegation.judge,
    "dnssec": dnssec.judge,
    "registration": registration.judge,
    "dns_mark": dns_mark.judge,
    "badge": badge.judge,
    "stapled_mark": stapled_mark.judge,
    "availability": availability.judge,
    "redirects": redirects.judge,
    "certificate": certificate.judge,
    "tls_versions": tls_versions.judge,
    "headers": headers.judge,
    "ipv6": ipv6.judge,
    "tampering": tampering.judge,
    "defacement": defacement.judge,
    "hidden_links": hidden_links.judge,
    "cloaking": cloaking.judge,
    "third_parties": third_parties.judge,
    "links": links.judge,
    "freshness": freshness.judge,
    "lookalikes": lookalikes.judge,
    "services": services.judge,
    "accessibility": accessibility.judge,
}


def judge(site: Site, known: Known, observations: Iterable[Observation]) -> tuple[Finding, ...]:
    """The findings on ``observations``, in their order. The same arguments give the same findings, for ever."""
    return tuple(
        finding
        for seen in observations
        if seen.outcome is Outcome.RAN
        for finding in JUDGES[seen.check](site, known, seen)
    )


def unseen(observations: Sequence[Observation]) -> Mapping[str, str]:
    """The checks of which nothing is known, and why; parts of a check that need a browser are named ``check.rendered``."""
    found = {seen.check: str(seen.facts.get("why", "")) for seen in observations if seen.outcome is not Outcome.RAN}
    for seen in observations:
        for part in ("rendered", "picture"):
            drawn = seen.facts.get(part)
            if isinstance(drawn, Mapping) and drawn.get("outcome") == Outcome.NOT_RUN:
                found[f"{seen.check}.rendered"] = str(drawn.get("why", ""))
    return found
