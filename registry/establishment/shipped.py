"""Bodies that come with the product: real ones whose codes are publicly known, and the synthetic ones of the demo."""

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from registry.establishment.columns import COLUMNS, write_cells
from registry.establishment.files import Source
from registry.establishment.generate import AS_OF, DEMO_SEED, demo_bodies
from registry.establishment.rows import Rejected, Row


def real_bodies_file() -> Path:
    """The first real input: a CSV of three bodies, with public facts only."""
    return Path(__file__).with_name("real_bodies.csv")


def demo_bodies_source(as_of: date = AS_OF) -> Source:
    """The demo's bodies as if read from a file. Give today, so that certificates and annual reports are of today."""
    mark = hashlib.sha256(f"demo {DEMO_SEED} {as_of}".encode()).digest()
    return Source("demo", mark, "generated", lambda: _rows(as_of))


def _rows(as_of: date) -> Iterator[Row | Rejected]:
    for line, body in enumerate(demo_bodies(as_of), start=2):
        yield Row(line, dict(zip(COLUMNS, write_cells(body), strict=True)))
