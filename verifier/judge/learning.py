"""What a round teaches about a site. Pure: an old :class:`Known` and a round's observations give a new one."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from verifier.checks.fact import Observation, Outcome
from verifier.judge.baseline import Baseline, Version, learn
from verifier.judge.finding import Finding, Severity, Side
from verifier.judge.known import Crawled, Known, Remembered, Visited

KEPT_VISITS = timedelta(days=9)  # the official week, a day on each side
KEPT_ITEMS = 3000  # of one site; the newest stay
CLEAN_CHECKS = (
    "defacement",
    "hidden_links",
    "cloaking",
    "third_parties",
)  # 14 to 17: only a page that they pass is learned
LOUD = frozenset({Severity.P1, Severity.P2})


def learned(known: Known, observations: Iterable[Observation], findings: Iterable[Finding]) -> Known:
    """The knowledge after a round. Nothing is learned from a page with an alarm on it."""
    by_check = {seen.check: seen for seen in observations if seen.outcome is Outcome.RAN}
    alarms = {finding.check for finding in findings if finding.severity in LOUD and finding.side is Side.INTEGRITY}
    clean = not alarms & {*CLEAN_CHECKS, "tampering", "redirects"}
    known = _visit(known, by_check.get("availability"))
    known = _freshness(known, by_check.get("freshness"))
    tampering = by_check.get("tampering")
    if tampering is not None and not tampering.facts.get("unchanged"):
        known = replace(known, baseline=learn(known.baseline, _seen(tampering.facts), clean=clean))
    return _page(known, by_check) if clean else known


def _seen(facts: Mapping[str, Any]) -> Baseline:
    return Baseline(
        versions=(Version(facts["text"], facts["outline"], facts["scripts_digest"]),),
        title=facts["title"],
        names_body=facts["names_body"],
        site_codes=tuple(facts["site_codes"]),
        script_hosts=tuple(facts["script_hosts"]),
        characters=facts["characters"],
    )


def visited(seen: Observation) -> Visited:
    """A visit as the official rule counts it."""
    facts = seen.facts
    return Visited(
        seen.at,
        seen.vantage,
        facts["opened"],
        bool(facts["blocked"]),
        facts["total_ms"],
        str(facts["failure"] or facts["status"]),
    )


def _visit(known: Known, seen: Observation | None) -> Known:
    if seen is None:
        return known
    kept = [visit for visit in known.visits if visit.at > seen.at - KEPT_VISITS]
    return replace(known, visits=(*kept, visited(seen)))


def _page(known: Known, by_check: Mapping[str, Observation]) -> Known:
    links, third, defaced = by_check.get("hidden_links"), by_check.get("third_parties"), by_check.get("defacement")
    if links is not None:
        known = replace(known, outlinks=tuple(sorted({*known.outlinks, *links.facts["outlinks"]})))
    if third is not None:
        hosts = {one["host"] for one in third.facts["hosts"] if {"script", "frame", "form"} & set(one["kinds"])}
        digests = {one["src"]: one["digest"] for one in third.facts["scripts"] if one["digest"]}
        known = replace(
            known,
            script_hosts=tuple(sorted({*known.script_hosts, *hosts})),
            script_digests={**known.script_digests, **digests},
        )
    if defaced is not None and not defaced.facts.get("unchanged") and defaced.facts["picture"].get("hash"):
        known = replace(known, picture=defaced.facts["picture"]["hash"])
    return known


def _freshness(known: Known, seen: Observation | None) -> Known:
    """Items keep the day that they were first listed with: that is what later days are held against."""
    if seen is None:
        return known
    today = seen.facts["today"]
    items = dict(known.items)
    columns = dict(known.columns)
    for place in (*seen.facts["columns"], seen.facts["home"]):
        for item in place["items"]:
            items.setdefault(item["url"], Remembered(item["day"], item["title"], today))
    for column in seen.facts["columns"]:
        if column["items"]:
            columns[column["url"]] = Crawled(today, min(item["day"] for item in column["items"]))
    newest = sorted(items.items(), key=lambda pair: pair[1].seen, reverse=True)[:KEPT_ITEMS]
    return replace(known, items=dict(newest), columns=columns)
