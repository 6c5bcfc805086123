"""A maintenance window of the registry's own systems (RFC 9167 section 3)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

ENVIRONMENTS = ("production", "ote", "staging", "dev")
IMPACTS = ("none", "partial", "full")
REASONS = ("planned", "emergency")


@dataclass(frozen=True, slots=True)
class Impact:
    """One system: ``impact`` is ``full`` when it is away, ``partial`` when it is slow or may be away, ``none`` otherwise."""

    name: str
    host: str
    impact: str


@dataclass(frozen=True, slots=True)
class Maintenance:
    """``tlds`` empty: all zones. ``reconnect`` and ``reimplement`` are what clients have to do afterwards (RFC 9167 section 3.3)."""

    id: str
    title: str
    systems: tuple[Impact, ...]
    environment: str
    starts_at: datetime
    ends_at: datetime
    reason: str
    description_zh: str
    description_en: str
    created_at: datetime
    created_by: str
    detail: str = ""
    tlds: tuple[str, ...] = ()
    reconnect: bool = False
    reimplement: bool = False
    updated_at: datetime | None = None
    cancelled_at: datetime | None = None
    reminded_at: datetime | None = None
    closed_at: datetime | None = None


def maintenance_json(one: Maintenance) -> dict[str, Any]:
    """As history and poll messages keep it."""
    return {
        "id": one.id,
        "title": one.title,
        "systems": [{"name": each.name, "host": each.host, "impact": each.impact} for each in one.systems],
        "environment": one.environment,
        "starts_at": one.starts_at.isoformat(),
        "ends_at": one.ends_at.isoformat(),
        "reason": one.reason,
        "detail": one.detail,
        "description_zh": one.description_zh,
        "description_en": one.description_en,
        "tlds": list(one.tlds),
        "reconnect": one.reconnect,
        "reimplement": one.reimplement,
        "created_at": one.created_at.isoformat(),
        "created_by": one.created_by,
        "updated_at": one.updated_at.isoformat() if one.updated_at else None,
        "cancelled_at": one.cancelled_at.isoformat() if one.cancelled_at else None,
    }


def read_maintenance(said: dict[str, Any]) -> Maintenance:
    """What :func:`maintenance_json` wrote."""
    instants = ("starts_at", "ends_at", "created_at", "updated_at", "cancelled_at")
    read = {key: datetime.fromisoformat(said[key]) if said[key] else None for key in instants}
    systems = tuple(Impact(**each) for each in said["systems"])
    return Maintenance(**{**said, **read, "tlds": tuple(said["tlds"]), "systems": systems})
