"""Judges one visit, and the week by the official rule. Pure."""

from collections.abc import Iterator

from verifier.checks.fact import Observation
from verifier.checks.site import Declared, Site
from verifier.judge.availability import LIMIT_MS, Official, official, yesterday
from verifier.judge.finding import Finding
from verifier.judge.known import Known
from verifier.judge.rulebook import found

SLOW_MS = 5000
POINTS_A_PERCENT = 50  # five points for each per cent (2015 census, domain-rules.md 5.3)


def judge(site: Site, known: Known, seen: Observation) -> Iterator[Finding]:
    """Rules ``availability.*``. A blocked visit is no failure."""
    facts = seen.facts
    if not facts["blocked"]:
        yield from _visit(site, seen)
    if known.visits and site.declared is Declared.RUNNING:
        yield from _week(official(known.visits, yesterday(seen.at)), seen)


def _visit(site: Site, seen: Observation) -> Iterator[Finding]:
    facts = seen.facts
    is_open = facts["opened"] and facts["total_ms"] < LIMIT_MS
    if site.declared is Declared.CLOSED:
        if is_open:
            yield found("availability.closed_but_up", seen)
    elif not is_open:
        yield found(
            "availability.down",
            seen,
            why=facts["failure"] or facts["status"],
            status=facts["status"],
            detail=facts["detail"],
        )
    elif facts["total_ms"] > SLOW_MS:
        yield found("availability.slow", seen, seconds=facts["total_ms"] / 1000)


def _week(figure: Official, seen: Observation) -> Iterator[Finding]:
    week = figure.deciding
    if week is None or not week.failed:
        return
    share = f"{week.share / 100:.2f}"
    if figure.veto:
        yield found(
            "availability.week", seen, counted=week.counted, failed=week.failed, share=share, vantage=week.vantage
        )
    elif week.share >= 100:
        points = week.share // 100 * POINTS_A_PERCENT
        yield found("availability.percent", seen, points=points, counted=week.counted, failed=week.failed, share=share)
