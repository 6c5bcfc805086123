"""What a rule says about facts. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """What must happen (verifier.md 3.1)."""

    P1 = "P1"  # the mark is suspended after confirmation
    P2 = "P2"  # a person looks within thirty minutes
    P3 = "P3"  # the owner is told
    P4 = "P4"  # the score alone


class Side(StrEnum):
    """The three verdicts, never mixed. Only identity and integrity touch the mark."""

    IDENTITY = "identity"
    INTEGRITY = "integrity"
    QUALITY = "quality"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, by one rule in one version, with the facts that prove it and what to do next in plain words."""

    rule: str  # an id of ``verifier.judge.rulebook``, for example ``certificate.expired``
    version: int
    severity: Severity
    zh: str
    en: str
    evidence: Mapping[str, Any] = field(default_factory=dict)
    deduction: int = 0  # tenths of a point
    check: str = ""
    side: Side = Side.QUALITY
    target: str = ""
    vantage: str = ""
    at: datetime | None = None
    advice_zh: str = ""
    advice_en: str = ""
    veto: bool = False  # 单项否决 once it is confirmed
