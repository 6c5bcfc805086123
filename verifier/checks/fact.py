"""What was seen, apart from what it means. Pure.

An observation is made once, by one worker at one place, and never changes. Rules judge it (``verifier.judge``), and because facts and rules
are apart, a new version of a rule judges stored observations again without a visit.

All values are plain JSON: text, whole numbers, fractions, truth values, lists and mappings; ``msgspec.json`` writes and reads every class here.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """Whether the check could be made. None of these is a judgement.

    ``ran``: the facts are there (a site that is down is a fact of the check *availability*). ``blocked``: somebody in front of the site
    refused *us* (challenge page, 403 or 406 to our agent); that says nothing about the site. ``not_run``: it was not looked at, and
    ``facts["why"]`` says why (``no_page``, ``no_renderer``, ``no_consent``, ``not_configured`` …). Not run is never fine.
    """

    RAN = "ran"
    BLOCKED = "blocked"
    NOT_RUN = "not_run"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A body kept for proof, named by its SHA-256 (hexadecimal); the bytes travel beside it (:class:`Seen`)."""

    kind: str  # page, headers, chain, dns, screenshot, rendered, token …
    digest: str
    media: str  # media type
    size: int  # bytes


@dataclass(frozen=True, slots=True)
class Observation:
    """One check of one target. ``target`` is an A-form host or a URL; ``at`` is aware, in UTC."""

    check: str  # an id of ``verifier.checks.catalogue``
    target: str
    vantage: str
    at: datetime
    facts: Mapping[str, Any]
    evidence: tuple[Evidence, ...] = ()
    outcome: Outcome = Outcome.RAN


@dataclass(frozen=True, slots=True)
class Seen:
    """What a check hands over: the observation, and the bodies of its evidence by digest, for the store."""

    observation: Observation
    bodies: Mapping[str, bytes] = field(default_factory=dict)


def evidence_of(kind: str, body: bytes, media: str = "application/octet-stream") -> Evidence:
    """The name of a body."""
    return Evidence(kind, hashlib.sha256(body).hexdigest(), media, len(body))
