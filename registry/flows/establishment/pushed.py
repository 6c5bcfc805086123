"""What became of a batch, the same whenever it is told: built from what is on record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from registry.establishment.rows import Rejected
from registry.establishment.staging import rejected_rows
from registry.flows.establishment.batch import MAX_BATCH_ROWS
from registry.kernel.db import Connection, Record
from registry.kernel.errors import Problem
from registry.store.push_batches import PushedBatch

COUNTED = (
    "inserted",
    "updated",
    "unchanged",
    "rejected",
)  # an import also counts what a snapshot lacks; a batch is none


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was not taken: its number (JSON) or line (JSON lines), what stood where the code should, all that is wrong."""

    row: int
    uscc: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Pushed:
    """A batch on record: ``counts`` of rows by :data:`COUNTED`, ``state`` ``applied`` or ``rolled_back``, the refused rows in order."""

    id: str
    state: str
    centre: str
    client_id: str
    key: str
    run: int
    at: datetime
    rows: int
    counts: dict[str, int]
    refused: tuple[RefusedRow, ...] = ()


async def pushed_of(conn: "Connection[Record]", batch: PushedBatch) -> Pushed:
    """The batch with its refused rows."""
    return summary_of(batch, refused_rows(await rejected_rows(conn, batch.run, MAX_BATCH_ROWS)))


def summary_of(batch: PushedBatch, refused: tuple[RefusedRow, ...] = ()) -> Pushed:
    """The batch as it stands on record, with these refused rows."""
    return Pushed(
        batch.id, batch.state, batch.centre, batch.client_id, batch.key, batch.run, batch.at, batch.rows, counted(batch.counts),
        refused,
    )  # fmt: skip


def counted(counts: Mapping[str, int]) -> dict[str, int]:
    """Those of an import's figures that a batch has."""
    return {name: counts[name] for name in COUNTED}


def refused_rows(rejections: Iterable[Rejected]) -> tuple[RefusedRow, ...]:
    """Rejected rows of an import, as a sender is told of them."""
    return tuple(RefusedRow(one.line, one.uscc, one.problems) for one in rejections)
