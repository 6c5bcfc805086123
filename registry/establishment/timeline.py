"""The life of a body, field by field: what each column said, and from which day to which."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from registry.store.body_past import Version

FIELDS = (
    "uscc", "name", "short_names", "aliases", "kind", "administrative", "region", "level", "sponsor_uscc", "authority",
    "address", "legal_representative", "phone", "status", "valid_until", "annual_report_year", "successor_uscc",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """``field`` had ``value`` from ``valid_from`` (None: as far back as is known) until before ``valid_to`` (None: still)."""

    field: str
    value: object
    valid_from: date | None
    valid_to: date | None


def timeline(versions: Sequence[Version]) -> list[Span]:
    """Spans by field, the oldest first; versions of one value are one span, those that were replaced on their first day are left out."""
    lasting = [version for version in versions if version.valid_from is None or version.valid_from != version.valid_to]
    return [span for field in FIELDS for span in _spans(field, lasting)]


def _spans(field: str, versions: Sequence[Version]) -> list[Span]:
    spans: list[Span] = []
    for version in versions:
        value = getattr(version.body, field)
        if spans and spans[-1].value == value:
            spans[-1] = Span(field, value, spans[-1].valid_from, version.valid_to)
        else:
            spans.append(Span(field, value, version.valid_from, version.valid_to))
    return spans
