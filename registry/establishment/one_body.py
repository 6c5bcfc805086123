"""One body written by an act of this register, on the way of an import: a run that is on record, the past kept, events opened."""

import hashlib
from dataclasses import replace
from datetime import datetime

from registry.establishment.columns import COLUMNS, SEPARATOR, write_cells
from registry.establishment.files import Source
from registry.establishment.importing import import_within
from registry.establishment.rows import Row
from registry.establishment.staging import ImportOrder
from registry.kernel.db import Connection, Record
from registry.kernel.errors import Fault, Refusal
from registry.model.body import Body


async def write_body(
    conn: "Connection[Record]", body: Body, *, source: str, actor: str, now: datetime, successors: tuple[str, ...] = ()
) -> int:
    """Make the body what ``body`` says, in the caller's transaction; returns the number of the run.

    ``source`` says in the register of imports where it comes from; ``successors`` are all that follow a body that is split. Refuses as the
    import does for a row that is wrong (VALUE_INVALID …), and with UNAVAILABLE while another import runs.
    """
    cells = dict(zip(COLUMNS, write_cells(replace(body, changed_at=now)), strict=True))
    if successors:
        cells["successor_uscc"] = SEPARATOR.join(successors)
    row = Row(1, cells)
    print_of = hashlib.sha256("\x1f".join((source, *cells.values())).encode()).digest()
    order = ImportOrder(Source(source, print_of, "act", lambda: iter([row]), 1), snapshot=False, actor=actor, now=now)
    report = await import_within(conn, order)
    if report.rejections:
        first = report.rejections[0].problems[0]
        raise Refusal(first.reason, first.text.zh, first.text.en, where=first.where, value=first.value)
    if report.inserted + report.updated + report.unchanged != 1:
        raise Fault(f"an act about {body.uscc} wrote {report.counts()}")
    return report.run
