"""Judges the service functions of a government site. Pure."""

from collections.abc import Iterator
from datetime import date

from registry.kernel.clock import BEIJING
from verifier.checks.fact import Observation
from verifier.checks.site import Site
from verifier.judge.finding import Finding
from verifier.judge.freshness import months_before
from verifier.judge.known import Known
from verifier.judge.rulebook import found

VETO_MONTHS, LATE_MONTHS = 3, 2
CENTRAL = frozenset({"000000", "100000"})  # regions of central bodies, whose codes begin with bm


def judge(site: Site, _known: Known, seen: Observation) -> Iterator[Finding]:
    """Rules ``services.*``. Only what the file of the site states is asked of it."""
    facts = seen.facts
    if site.site_code:
        yield from _code(site, seen)
    if site.icp:
        wanted = site.icp.partition("号")[0] + "号"
        if not facts["icps"]:
            yield found("services.icp_missing", seen)
        elif wanted not in facts["icps"]:
            yield found("services.icp_wrong", seen, seen=facts["icps"], expected=wanted)
    if not facts["functions"]["search"]:
        yield found("services.search", seen)
    missing = [name for name, there in facts["functions"].items() if not there and name != "search"]
    if missing and site.outward_services and site.site_code:
        yield found("services.function", seen, points=30 * len(missing), missing=missing)
    if not facts["missing_page"]["failure"] and facts["missing_page"]["status"] < 400:
        yield found("services.soft_missing", seen, status=facts["missing_page"]["status"])
    yield from _messages(seen)


def _code(site: Site, seen: Observation) -> Iterator[Finding]:
    facts = seen.facts
    if not facts["site_codes"]:
        yield found("services.site_code_missing", seen)
    elif site.site_code not in facts["site_codes"]:
        yield found("services.site_code_wrong", seen, seen=facts["site_codes"], expected=site.site_code)
    if site.region and not _is_of(site.site_code, site.region):
        yield found("services.site_code_region", seen, seen=site.site_code, region=site.region)
    entry = facts["correction"]
    if entry is None:
        yield found("services.correction_missing", seen)
    elif entry["code"] and entry["code"] != site.site_code:
        yield found("services.correction_code", seen, seen=entry["code"], expected=site.site_code)


def _is_of(code: str, region: str) -> bool:
    return code.startswith("bm") if region in CENTRAL else code[:6] == region


def _messages(seen: Observation) -> Iterator[Finding]:
    waiting = seen.facts["open_messages"]
    if not waiting:
        return
    today = seen.at.astimezone(BEIJING).date()
    old = [one for one in waiting if date.fromisoformat(one["asked"]) < months_before(today, VETO_MONTHS)]
    if old:
        yield found("services.unanswered", seen, count=len(old), oldest=old[0]["asked"])
    elif date.fromisoformat(waiting[0]["asked"]) < months_before(today, LATE_MONTHS):
        yield found("services.late_answers", seen, oldest=waiting[0]["asked"])
