"""What the watch has learned about a site from earlier visits. Pure; plain JSON, so the store keeps it as it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from verifier.judge.baseline import Baseline


@dataclass(frozen=True, slots=True)
class Visited:
    """One visit as the official rule counts it. ``blocked`` visits are neither open nor shut."""

    at: datetime
    vantage: str
    opened: bool
    blocked: bool = False
    total_ms: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Remembered:
    """An item as it was first listed: ``day`` and ``seen`` (the day of that visit) as ISO dates."""

    day: str
    title: str
    seen: str


@dataclass(frozen=True, slots=True)
class Crawled:
    """A column at its last visit: the day of the visit and the oldest day that was listed then, ISO dates."""

    on: str
    oldest: str


@dataclass(frozen=True, slots=True)
class Known:
    """Everything learned. An empty one is a site that is seen for the first time."""

    baseline: Baseline | None = None
    outlinks: tuple[str, ...] = ()  # registrable domains
    script_hosts: tuple[str, ...] = ()
    script_digests: Mapping[str, str] = field(default_factory=dict)  # by address
    items: Mapping[str, Remembered] = field(default_factory=dict)  # by address
    columns: Mapping[str, Crawled] = field(default_factory=dict)  # by address of the list page
    picture: str = ""  # perceptual hash, hexadecimal
    visits: tuple[Visited, ...] = ()  # of the last eight days
