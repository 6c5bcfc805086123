"""What the policy says about one name for one body, and why. The JSON shape is that of CONTRACT, "The name decision"."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from registry.kernel.errors import Text

PASS, REVIEW, REFUSE, INFO = "pass", "review", "refuse", "info"
_GRAVEST_FIRST = (REFUSE, REVIEW)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule found: ``rule`` is an id of CONTRACT, ``outcome`` one of pass, review, refuse, info."""

    rule: str
    outcome: str
    message: Text
    evidence: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The shape of CONTRACT, "findings"."""
        message = {"zh": self.message.zh, "en": self.message.en}
        return {"rule": self.rule, "outcome": self.outcome, "message": message, "evidence": dict(self.evidence)}


@dataclass(frozen=True, slots=True)
class BundleNames:
    """The three spellings as whole names (``国务院.政务``); ``traditional`` is empty when the DNS cannot carry it."""

    registered: str = ""
    simplified: str = ""
    traditional: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision. ``name`` is the whole name in U-form after mapping; ``a_label`` is empty when there is no label."""

    name: str
    a_label: str
    decision: str
    findings: tuple[Finding, ...]
    bundle: BundleNames
    suggestions: tuple[str, ...]
    policy_version: str

    @property
    def deciding(self) -> tuple[Finding, ...]:
        """The findings that made the decision what it is."""
        return tuple(finding for finding in self.findings if finding.outcome == self.decision)

    def as_json(self) -> dict[str, Any]:
        """The shape of CONTRACT; made of dicts, lists and strings only."""
        bundle = self.bundle
        return {
            "name": self.name,
            "a_label": self.a_label,
            "decision": self.decision,
            "findings": [finding.as_json() for finding in self.findings],
            "bundle": {
                "registered": bundle.registered,
                "simplified": bundle.simplified,
                "traditional": bundle.traditional,
            },
            "suggestions": list(self.suggestions),
            "policy_version": self.policy_version,
        }


def gravest(findings: tuple[Finding, ...]) -> str:
    """Any refuse refuses, else any review reviews, else it passes (NAME-POLICY, "Order and precedence")."""
    outcomes = {finding.outcome for finding in findings}
    return next((outcome for outcome in _GRAVEST_FIRST if outcome in outcomes), PASS)
