"""Judges the stapled mark. Pure."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from verifier.checks.fact import Observation
from verifier.checks.site import Site
from verifier.judge.finding import Finding
from verifier.judge.known import Known
from verifier.judge.rulebook import found

SPARE = timedelta(hours=24)


def judge(site: Site, _known: Known, seen: Observation) -> Iterator[Finding]:
    """Rules ``stapled_mark.*``. A host that does not answer, or refuses us, says nothing."""
    for host in seen.facts["hosts"]:
        if host["blocked"] or host["failure"] or host["status"] >= 500:
            continue
        if "believed" not in host:
            yield found("stapled_mark.missing", seen, host=host["host"], status=host["status"])
        elif host["believed"] is False:
            yield found("stapled_mark.refused", seen, host=host["host"], why=f"{host['why_zh']} / {host['why_en']}")
        elif host["believed"] and host["id"] != site.mark_id:
            yield found("stapled_mark.other", seen, host=host["host"], id=host["id"])
        elif host["believed"] and datetime.fromisoformat(host["expires_at"]) <= seen.at + SPARE:
            yield found("stapled_mark.expiring", seen, host=host["host"], expires=host["expires_at"])
