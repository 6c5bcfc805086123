"""Judges the registration of the name and names that were official once. Pure."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from verifier.checks.fact import Observation
from verifier.checks.site import Site
from verifier.judge.finding import Finding
from verifier.judge.known import Known
from verifier.judge.rulebook import found

SPARE = timedelta(days=30)
HOLDS = frozenset({"serverHold", "clientHold", "pendingDelete", "redemptionPeriod"})
LIVE_CHARACTERS = 20  # less is a parking place without words


def judge(site: Site, _known: Known, seen: Observation) -> Iterator[Finding]:
    """Rules ``registration.*``."""
    facts = seen.facts
    if not facts["registered"]:
        yield found("registration.gone", seen)
    else:
        yield from _held(site, seen)
    for one in facts["former"]:
        yield from _former(one, seen)


def _held(site: Site, seen: Observation) -> Iterator[Finding]:
    facts = seen.facts
    if site.uscc and facts["holder"] != site.uscc:
        yield found("registration.other_holder", seen, holder=facts["holder"])
    held = sorted(HOLDS & set(facts["statuses"]))
    if held:
        yield found("registration.held", seen, statuses=held)
    if facts["expires_at"] and datetime.fromisoformat(facts["expires_at"]) < seen.at + SPARE:
        yield found("registration.expiring", seen, expires=facts["expires_at"])


def _former(one: Mapping[str, Any], seen: Observation) -> Iterator[Finding]:
    """A former name may be dead, or lead home; anything else is somebody else's."""
    if not one["resolves"] or one["failure"] or one["leads_home"] or not 200 <= one["status"] < 400:
        return
    if one["names_body"]:
        yield found("registration.former_taken", seen, name=one["name"], title=one["title"])
    elif one["characters"] >= LIVE_CHARACTERS:
        yield found("registration.former_alive", seen, name=one["name"], title=one["title"])
