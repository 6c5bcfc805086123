"""All rules, in order, with their texts: ``tables/rules.toml`` read once. Pure.

A rule has a version: when its meaning changes the number rises, every finding names the version that made it, and stored observations can
be judged again (:func:`verifier.judge.judging.judge`). Texts are templates over the evidence.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from verifier.checks.fact import Observation
from verifier.judge.finding import Finding, Severity, Side

SHOWN = 5  # examples of a list that a sentence names; all stand in the evidence


@dataclass(frozen=True, slots=True)
class Rule:
    """One row. ``points`` in tenths; ``group`` one of ``verifier.judge.score.CAPS`` or empty."""

    id: str
    severity: Severity
    side: Side
    zh: str
    en: str
    advice_zh: str
    advice_en: str
    version: int = 1
    points: int = 0
    group: str = ""
    veto: bool = False

    @property
    def check(self) -> str:
        """The check whose facts it judges."""
        return self.id.partition(".")[0]


def _read() -> tuple[Rule, ...]:
    text = (resources.files("verifier.judge.tables") / "rules.toml").read_text("utf-8")
    return tuple(
        Rule(id=f"{check}.{name}", severity=Severity(row.pop("severity")), side=Side(row.pop("side")), **row)
        for check, rules in tomllib.loads(text).items()
        for name, row in rules.items()
    )


RULES = _read()
BY_ID: Mapping[str, Rule] = {rule.id: rule for rule in RULES}


def found(rule_id: str, seen: Observation, /, points: int | None = None, **evidence: Any) -> Finding:
    """The finding of a rule on an observation. ``points`` when the rule counts; ``evidence`` fills the sentences."""
    rule = BY_ID[rule_id]
    return Finding(
        rule=rule.id,
        version=rule.version,
        severity=rule.severity,
        zh=rule.zh.format(**_spoken(evidence, "、")),
        en=rule.en.format(**_spoken(evidence, ", ")),
        evidence=evidence,
        deduction=rule.points if points is None else points,
        check=rule.check,
        side=rule.side,
        target=seen.target,
        vantage=seen.vantage,
        at=seen.at,
        advice_zh=rule.advice_zh,
        advice_en=rule.advice_en,
        veto=rule.veto,
    )


def _spoken(evidence: Mapping[str, Any], comma: str) -> Mapping[str, str]:
    return {key: _speak(value, comma) for key, value in evidence.items()}


def _speak(value: object, comma: str) -> str:
    if isinstance(value, list | tuple):
        shown = comma.join(str(one) for one in value[:SHOWN])
        return f"{shown} …" if len(value) > SHOWN else shown or "—"
    return str(value) if value != "" else "—"
