"""A notice: what somebody is told, in Chinese and English, and where he can act on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from registry.kernel.errors import Text

RecipientKind = Literal["person", "body", "reviewers", "role", "registrar"]
Severity = Literal["news", "action", "urgent"]


@dataclass(frozen=True, slots=True)
class Recipient:
    """``id`` is a username, a USCC (all who act for that body), ``level:region`` (the reviewers there), a role, or a registrar's id."""

    kind: RecipientKind
    id: str


def reviewers_of(level: str, region: str) -> Recipient:
    """The reviewers whose jurisdiction holds a body of this level and region (GB/T 2260)."""
    return Recipient("reviewers", f"{level}:{region}")


@dataclass(frozen=True, slots=True)
class Notice:
    """``kind`` is ``object.verb``; ``link`` a path of our own pages; ``payload`` the same for machines, without secrets.

    With ``once`` the same notice is written a single time, however often the act that causes it is tried or the clock strikes.
    """

    to: Recipient
    kind: str
    subject: Text
    text: Text
    link: str = ""
    severity: Severity = "news"
    payload: Mapping[str, Any] = field(default_factory=dict)
    once: str = ""
