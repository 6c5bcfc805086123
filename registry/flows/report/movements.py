"""What a line of a domain's history means for registrars: pure, from the domain before and after."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from registry.store.reports import Event


@dataclass(frozen=True, slots=True)
class Movement:
    """One thing that counts for one registrar. ``other`` is the registrar at the other end of a transfer; ``years`` 0 where none are."""

    at: datetime
    registrar_id: str
    what: str
    subject: str
    name: str
    years: int
    other: str
    actor: str
    trid: str
    client_trid: str


def movements(event: Event) -> Iterator[Movement]:
    """Those of one event; none for what changes data only."""
    for registrar_id, what, years, other in _read(event):
        yield Movement(
            event.at, registrar_id, what, event.subject, str(event.snapshot["name"]), years, other, event.actor, event.trid,
            event.client_trid,
        )  # fmt: skip


Found = tuple[str, str, int, str]


def _read(event: Event) -> Iterator[Found]:
    after, before = event.snapshot, event.before or {}
    mine, previous = str(after["registrar"]), str(before.get("registrar", ""))
    match event.act:
        case "domain.created":
            yield mine, "create", _years(after, {}, "addPeriod"), ""
        case "domain.renewed":
            yield from _renewals(after, before, mine)
        case "domain.transferred":
            years = _years(after, before, "transferPeriod")
            yield mine, "transfer-gaining", years, previous
            yield previous, "transfer-losing", years, mine
            yield from _renewals(after, before, mine)
        case "domain.deleted":
            yield mine, "delete", 0, ""
        case "domain.purged":
            yield mine, "purge" if before.get("deleted_at") or after.get("deleted_at") else "delete-in-grace", 0, ""
        case "domain.updated":
            yield from _changes(after, before, mine)


def _changes(after: Mapping[str, Any], before: Mapping[str, Any], mine: str) -> Iterator[Found]:
    asked, pending = after.get("transfer"), before.get("transfer")
    if before.get("deleted_at") and not after.get("deleted_at"):
        yield mine, "restore", 0, ""
    if asked and not pending:
        yield str(asked["gaining"]), "transfer-requested", 0, mine
    if pending and not asked:
        yield str(pending["gaining"]), "transfer-gaining-nacked", 0, str(pending["losing"])
        yield str(pending["losing"]), "transfer-losing-nacked", 0, str(pending["gaining"])


def _renewals(after: Mapping[str, Any], before: Mapping[str, Any], mine: str) -> Iterator[Found]:
    for kind, what in (("renewPeriod", "renew"), ("autoRenewPeriod", "auto-renew")):
        if years := _years(after, before, kind):
            yield mine, what, years, ""


def _years(after: Mapping[str, Any], before: Mapping[str, Any], kind: str) -> int:
    """The years of the grace periods of a kind that began with this event."""
    known = [grace for grace in before.get("graces", []) if grace["kind"] == kind]
    return sum(int(grace["years"]) for grace in after.get("graces", []) if grace["kind"] == kind and grace not in known)
