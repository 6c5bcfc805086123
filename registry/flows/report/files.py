"""The files of a period as CSV: pure, from what moved. Columns are fixed; whoever reads them by machine may rely on them.

The monthly transactions have the columns of ICANN's per-registrar transactions report (registry agreement, specification 3, section 1),
the activity report those of section 2 as far as a registrar causes them.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from registry.flows.report.movements import Movement

DAILY = ("at", "event", "domain", "years", "other_registrar", "actor", "server_trid", "client_trid")
MAX_YEARS = 10
YEARS = range(1, MAX_YEARS + 1)
MONTHLY = (
    "registrar-name", "iana-id", "total-domains", "total-nameservers", *(f"net-adds-{n}-yr" for n in YEARS),
    *(f"net-renews-{n}-yr" for n in YEARS), "transfer-gaining-successful", "transfer-gaining-nacked", "transfer-losing-successful",
    "transfer-losing-nacked", "transfer-disputed-won", "transfer-disputed-lost", "transfer-disputed-nodecision",
    "deleted-domains-grace", "deleted-domains-nograce", "restored-domains", "restored-noreport", "agp-exemption-requests",
    "agp-exemptions-granted", "agp-exempted-domains", "attempted-adds",
)  # fmt: skip
_OBJECTS = (("dom", "domain"), ("host", "host"), ("cont", "contact"))
_VERBS = ("check", "create", "delete", "info", "renew", "transfer approve", "transfer cancel", "transfer query", "transfer reject",
          "transfer request", "update")  # fmt: skip
ACTIVITY = tuple(
    (f"srs-{short}-{verb.replace(' ', '-')}", kind, verb)
    for short, kind in _OBJECTS
    for verb in _VERBS
    if kind == "domain" or not verb.startswith(("renew", "transfer"))
)
CHARGES = ("item", "years", "count", "credited", "net")
HELD = ("domain", "unicode", "created_at", "expires_at", "statuses", "pending_delete", "dnssec", "as_of")
CHARGED = ("create", "renew", "auto-renew", "transfer-gaining", "restore")


def written(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """RFC 4180: a header line, CRLF, quotes where they are needed. Cells that a spreadsheet would run as a formula are disarmed."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return out.getvalue()


def daily(moved: Iterable[Movement]) -> str:
    """Every movement of a day, in order."""
    return written(
        DAILY,
        (
            (instant(one.at), one.what, one.name, one.years or "", one.other, one.actor, one.trid, one.client_trid)
            for one in moved
        ),
    )


def monthly(
    registrar: Mapping[str, Any], moved: Sequence[Movement], dropped: set[str], totals: tuple[int, int], tried: int
) -> str:
    """One line. ``dropped`` are domains that went in their add grace, which are no net additions; ``tried`` all creates sent."""
    counts = Counter(one.what for one in moved)
    adds = Counter(one.years for one in moved if one.what == "create" and one.subject not in dropped)
    renews = Counter(one.years for one in moved if one.what in ("renew", "auto-renew"))
    restored = counts["restore"]
    row = (
        registrar["name"], registrar["iana_id"] or "", *totals, *(adds[n] for n in YEARS), *(renews[n] for n in YEARS),
        counts["transfer-gaining"], counts["transfer-gaining-nacked"], counts["transfer-losing"], counts["transfer-losing-nacked"],
        0, 0, 0, counts["delete-in-grace"], counts["delete"], restored, 0, 0, 0, 0, tried,
    )  # fmt: skip
    return written(MONTHLY, [row])


def activity(registrar: Mapping[str, Any], commands: Mapping[tuple[str, str], int], restored: int) -> str:
    """One line: how many commands of each kind were answered with success."""
    columns = ("registrar-name", "iana-id", *(name for name, _, _ in ACTIVITY), "srs-dom-rgp-restore-request")
    counts = (commands.get((kind, verb), 0) for _, kind, verb in ACTIVITY)
    return written(columns, [(registrar["name"], registrar["iana_id"] or "", *counts, restored)])


def charges(moved: Sequence[Movement], dropped: set[str]) -> str:
    """What would be billed, in counts: by item and years; creates of names that went in their add grace are credited."""
    counted = Counter((one.what, one.years) for one in moved if one.what in CHARGED)
    credited = Counter(("create", one.years) for one in moved if one.what == "create" and one.subject in dropped)
    rows = [
        (what, years, many, credited[what, years], many - credited[what, years])
        for (what, years), many in counted.items()
    ]
    return written(CHARGES, sorted(rows))


def held(rows: Iterable[Any], as_of: datetime) -> str:
    """The names that are held, as they are at the instant that stands in every line."""
    return written(
        HELD,
        (
            (
                row["name"], row["unicode"], instant(row["created_at"]), instant(row["expires_at"]), " ".join(sorted(row["statuses"])),
                "yes" if row["deleted_at"] else "no", "yes" if row["signed"] else "no", instant(as_of),
            )
            for row in rows
        ),
    )  # fmt: skip


def instant(at: datetime) -> str:
    """``2026-06-01T01:00:00Z``."""
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def _safe(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
