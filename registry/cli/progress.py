"""A progress bar for commands that take long, on a terminal; silence everywhere else."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from registry.establishment.staging import Progress, Watch

WIDTH = 30  # characters of the bar: it fits beside the figures in 80 columns


def bar(name: str, progress: Progress) -> str:
    """One line: name, bar and share when the share is known, rows so far."""
    if progress.share is None:
        return f"{name}  {progress.rows:,} 行 / rows"
    share = min(1.0, progress.share)
    done = round(share * WIDTH)
    return f"{name} [{'█' * done}{'·' * (WIDTH - done)}] {share:4.0%}  {progress.rows:,} 行 / rows"


@contextmanager
def watching(name: str) -> Iterator[Watch]:
    """Draws on standard error while a file is read; wipes the line at the end."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    try:
        yield lambda progress: print(f"\r\x1b[K{bar(name, progress)}", end="", file=sys.stderr, flush=True)  # noqa: T201 - the bar
    finally:
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)  # noqa: T201 - wipe it
