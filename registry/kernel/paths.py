"""Directories for sockets, whose paths the kernel limits to 107 octets."""

import hashlib
import os
from pathlib import Path

from registry.kernel.errors import Fault

MAX_DIRECTORY_OCTETS = 80  # leaves 27 for the socket's own name


def short_directory(wanted: Path) -> Path:
    """``wanted`` when its name is short enough, else a private one under /tmp by a hash of it; created 0700.

    Faults when the one under /tmp exists and belongs to somebody else: another account may have put it there.
    """
    if len(os.fsencode(wanted)) <= MAX_DIRECTORY_OCTETS:
        wanted.mkdir(mode=0o700, parents=True, exist_ok=True)
        return wanted
    digest = hashlib.sha256(os.fsencode(wanted)).hexdigest()[:16]
    path = Path("/tmp") / f"zhengming-{os.geteuid()}-{digest}"  # noqa: S108  # private and checked below
    path.mkdir(mode=0o700, exist_ok=True)
    if path.is_symlink() or (path.stat().st_uid != os.geteuid() and os.geteuid() != 0):
        raise Fault(f"{path} belongs to another account")
    return path
