"""Judges changes of the home page against its learned look. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from verifier.checks.domains import is_public, registrable
from verifier.checks.fact import Observation
from verifier.checks.site import Site
from verifier.judge.baseline import Baseline, nearest
from verifier.judge.finding import Finding
from verifier.judge.known import Known
from verifier.judge.rulebook import found


def judge(site: Site, known: Known, seen: Observation) -> Iterator[Finding]:
    """Rules ``tampering.*``. Two of three hashes must agree, and identity must be lost, before anybody is accused."""
    facts = seen.facts
    if facts.get("unchanged"):
        return
    if facts["coding_wrong"]:
        yield found("tampering.coding", seen, declared=facts["coding_declared"], used=facts["coding"])
    if known.baseline is not None and known.baseline.settled:
        yield from _compare(site, known.baseline, seen)


def _compare(site: Site, baseline: Baseline, seen: Observation) -> Iterator[Finding]:
    facts = seen.facts
    text, outline = nearest(baseline, facts["text"], facts["outline"])
    strange = _new_hosts(site, baseline, facts["script_hosts"])
    votes = (text < baseline.alarm) + (outline < baseline.alarm) + bool(strange)
    lost = _lost(baseline, facts)
    evidence = {
        "text": text,
        "outline": outline,
        "hosts": strange,
        "lost": lost,
        "title": facts["title"],
        "before": baseline.title,
    }
    if votes >= 2 and (text < baseline.alarm or outline < baseline.alarm):
        if "name" in lost or "code" in lost or (lost and not (baseline.names_body or baseline.site_codes)):
            yield found("tampering.changed", seen, **evidence)
        elif strange:
            yield found("tampering.foreign_script", seen, **evidence)
        else:
            yield found("tampering.rebuilt", seen, **evidence)
    elif "name" in lost or "code" in lost:
        yield found("tampering.lost", seen, **evidence)


def _new_hosts(site: Site, baseline: Baseline, hosts: list[str]) -> list[str]:
    own = {registrable(host) for host in site.hosts}
    known = {*baseline.script_hosts, *site.known_scripts}
    return [host for host in hosts if host not in known and registrable(host) not in own and not is_public(host)]


def _lost(baseline: Baseline, facts: Mapping[str, Any]) -> list[str]:
    lost = []
    if baseline.title and facts["title"] != baseline.title:
        lost.append("title")
    if baseline.names_body and not facts["names_body"]:
        lost.append("name")
    if baseline.site_codes and not set(baseline.site_codes) & set(facts["site_codes"]):
        lost.append("code")
    return lost
