"""Bodies into an establishment file (CSV, UTF-8, the columns of the contract)."""

import csv
from collections.abc import Iterable
from pathlib import Path

from registry.establishment.columns import COLUMNS, write_cells
from registry.establishment.generate import generate
from registry.model.body import Body


def write_bodies(path: Path, bodies: Iterable[Body]) -> int:
    """Write the bodies as a stream and say how many; the same bodies give the same bytes on every machine."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for body in bodies:
            writer.writerow(write_cells(body))
            count += 1
    return count


def write_generated(path: Path, count: int, seed: int) -> int:
    """Write ``count`` synthetic bodies; the same count and seed give the same file."""
    return write_bodies(path, generate(count, seed))
