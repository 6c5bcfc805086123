"""Judges where the site leads. Pure."""

from collections.abc import Iterator
from itertools import pairwise

from verifier.checks.domains import host_of, is_public, registrable
from verifier.checks.fact import Observation
from verifier.checks.site import Site
from verifier.judge.finding import Finding
from verifier.judge.known import Known
from verifier.judge.rulebook import found

MOST = 5


def judge(site: Site, _known: Known, seen: Observation) -> Iterator[Finding]:
    """Rules ``redirects.*``."""
    facts = seen.facts
    yield from _leaving(site, seen)
    chain = facts["https"]
    urls = [hop["url"] for hop in chain["hops"]]
    if any(before.startswith("https:") and after.startswith("http:") for before, after in pairwise(urls)):
        yield found("redirects.downgrade", seen, hops=urls)
    for name in ("http", "https"):
        if facts[name]["failure"] in {"loop", "too_many_hops"}:
            yield found("redirects.loop", seen, hops=[hop["url"] for hop in facts[name]["hops"]])
            break
    most = max(len(facts[name]["hops"]) - 1 for name in ("http", "https"))
    if most > MOST and not any(facts[name]["failure"] in {"loop", "too_many_hops"} for name in ("http", "https")):
        yield found("redirects.long", seen, hops=most)
    yield from _plain(seen)


def _leaving(site: Site, seen: Observation) -> Iterator[Finding]:
    facts = seen.facts
    ways = [(facts[name]["final_host"], name) for name in ("https", "http") if not facts[name]["failure"]]
    ways += [(host_of(facts["refresh"]), "refresh")] if facts["refresh"] else []
    ways += [(host_of(url), "script") for url in facts["scripted"] or ()]
    told: set[str] = set()
    for host, by in ways:
        if not host or host in site.hosts or host in told:
            continue
        told.add(host)
        if registrable(host) in {registrable(one) for one in site.hosts}:
            yield found("redirects.unlisted", seen, host=host, by=by)
        else:
            yield found("redirects.leaves_public" if is_public(host) else "redirects.leaves", seen, host=host, by=by)


def _plain(seen: Observation) -> Iterator[Finding]:
    """A closed port 80 is fine; one that answers must lead to HTTPS on the same host first."""
    http = seen.facts["http"]
    if http["failure"] or not http["hops"]:
        return
    first = http["hops"][0]
    if http["final_url"].startswith("http:"):
        if first["status"] < 400:
            yield found("redirects.plain", seen)
    elif not (first["location"].startswith("https:") and host_of(first["location"]) == host_of(first["url"])):
        yield found("redirects.detour", seen, first=first["location"])
