"""Some thousand rows of a file as COPY text, on their way into an empty register."""

from dataclasses import dataclass, field
from datetime import datetime

from registry.establishment.copying import (
    Prepared,
    body_lines,
    grid_body_lines,
    grid_name_lines,
    grid_successions,
    name_lines,
    prepare,
)
from registry.establishment.grid import Grid
from registry.establishment.grid_checks import AT
from registry.establishment.rows import Batch, Rejected


@dataclass(slots=True)
class Piece:
    """``grid_bodies`` is CSV, the others are COPY's own text; ``position`` says how many bytes of the file are read."""

    position: int
    grid_bodies: bytes = b""
    grid_names: bytes = b""
    bodies: bytes = b""
    names: bytes = b""
    rejected: list[Rejected] = field(default_factory=list)
    successions: list[tuple[str, str, str, datetime | None]] = field(default_factory=list)
    accepted: int = 0
    provinces: set[str] = field(default_factory=set)


def piece_of(batch: Batch) -> Piece:
    """The rows of a batch, made ready for the server."""
    piece = Piece(batch.position)
    if batch.grid is not None and len(batch.grid):
        _add_grid(piece, batch.grid)
    rows = [prepare(entry) for entry in batch.others if not isinstance(entry, Rejected)]
    piece.rejected = [entry for entry in batch.others if isinstance(entry, Rejected)]
    if rows:
        _add_rows(piece, rows)
    return piece


def _add_grid(piece: Piece, grid: Grid) -> None:
    piece.grid_bodies = grid_body_lines(grid)
    piece.grid_names = grid_name_lines(grid)
    piece.successions = [
        (uscc, successor, status, datetime.fromisoformat(changed) if changed else None)
        for uscc, successor, status, changed in grid_successions(grid)
    ]
    piece.accepted = len(grid)
    piece.provinces = {one.decode() for one in set(grid.column(AT["region"], 2).view("S2")[:, 0].tolist())}


def _add_rows(piece: Piece, rows: list[Prepared]) -> None:
    piece.bodies = body_lines(rows)
    piece.names = name_lines(rows)
    for row in rows:
        if row.successors:
            cells = row.body.split("\t")
            changed = None if cells[16] == r"\N" else datetime.fromisoformat(cells[16])
            piece.successions += [(row.uscc, successor, cells[11], changed) for successor in row.successors]
    piece.accepted += len(rows)
    piece.provinces |= {row.region[:2] for row in rows}
