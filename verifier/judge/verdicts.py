"""The three verdicts on a site, never mixed: is it them, is it whole, is it good. Pure. Only the first two touch the mark."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from verifier.judge.finding import Finding, Severity, Side
from verifier.judge.score import Score, score


class Identity(StrEnum):
    """Is it them?"""

    VALID = "valid"
    NOT = "not"
    UNKNOWN = "unknown"


class Integrity(StrEnum):
    """Is it whole?"""

    NORMAL = "normal"
    SUSPECT = "suspect"
    COMPROMISED = "compromised"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdicts:
    """``reasons`` are the findings behind the first two."""

    identity: Identity
    integrity: Integrity
    quality: Score
    reasons: tuple[Finding, ...]


IDENTITY_CHECKS = ("registration", "certificate")  # without both nobody can say who it is
INTEGRITY_CHECKS = ("tampering", "defacement", "hidden_links")


def verdicts(
    findings: Iterable[Finding],
    unseen: Mapping[str, str],
    *,
    confirmed: frozenset[str],
    outward_services: bool = True,
    bonus: int = 0,
) -> Verdicts:
    """The verdicts from all current findings of a site. ``confirmed`` are the rules that quorum confirmed; ``unseen`` the checks that did not run."""
    known = tuple(findings)
    return Verdicts(
        _identity(known, unseen, confirmed),
        _integrity(known, unseen, confirmed),
        score(known, outward_services=outward_services, bonus=bonus, confirmed=confirmed),
        tuple(one for one in known if one.side is not Side.QUALITY),
    )


def _identity(findings: tuple[Finding, ...], unseen: Mapping[str, str], confirmed: frozenset[str]) -> Identity:
    grave = {one.rule for one in findings if one.side is Side.IDENTITY and one.severity is Severity.P1}
    if grave & confirmed:
        return Identity.NOT
    return Identity.UNKNOWN if grave or any(check in unseen for check in IDENTITY_CHECKS) else Identity.VALID


def _integrity(findings: tuple[Finding, ...], unseen: Mapping[str, str], confirmed: frozenset[str]) -> Integrity:
    mine = [one for one in findings if one.side is Side.INTEGRITY and one.severity in {Severity.P1, Severity.P2}]
    if any(one.severity is Severity.P1 and one.rule in confirmed for one in mine):
        return Integrity.COMPROMISED
    if mine:
        return Integrity.SUSPECT
    return Integrity.UNKNOWN if any(check in unseen for check in INTEGRITY_CHECKS) else Integrity.NORMAL
