"""How long the watch doubts each rule before it believes it. Pure.

What can ruin a body (its mark falls) or wake a person at night needs two places and two rounds; what is looked at from one place once a day is
believed there, unless it would cost the mark: then the other places are asked to look as well.
"""

from dataclasses import replace
from datetime import timedelta

from verifier.judge.finding import Finding, Severity
from verifier.judge.quorum import DOWN, SLOW, URGENT, Patience
from verifier.monitor.rounds import ROUNDS, Round

ALONE = Patience(places=1, rounds=1, within=timedelta(days=9), clear_rounds=1)
LOUD = frozenset({Severity.P1, Severity.P2, Severity.P3})  # P4 touches the score alone and opens no incident
_ROUND_OF = {check: each for each in ROUNDS for check in each.checks}


def round_of(check: str) -> Round:
    """The round in which a check is made."""
    return _ROUND_OF[check]


def patience_of(rule: str, severity: Severity, places: int) -> Patience:
    """What this rule asks for when ``places`` places look; never more places than there are."""
    each = round_of(rule.partition(".")[0])
    if rule == "availability.down":
        chosen = DOWN
    elif each.everywhere and severity in {Severity.P1, Severity.P2}:
        chosen = URGENT
    elif severity is Severity.P1:
        chosen = SLOW
    else:
        chosen = ALONE
    return replace(chosen, places=max(1, min(chosen.places, places)))


def needs_others(finding: Finding) -> bool:
    """Whether a finding from a round of one place must be seen elsewhere before it is believed."""
    return finding.severity is Severity.P1 and not round_of(finding.check).everywhere
