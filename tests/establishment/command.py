"""The import as an operator runs it, as a process whose memory is measured."""

import os
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from registry.kernel.db import Database

POLL_SECONDS = 0.01
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended. ``peak_megabytes`` is the most memory that its processes held, one with the other."""

    exit_code: int
    out: str
    err: str
    peak_megabytes: float


def imported(db: Database, path: Path, folder: Path) -> Done:
    """``zhengming establishment import``; blocks until it has ended."""
    command = [
        sys.executable,
        "-m",
        "registry.cli.main",
        "establishment",
        "import",
        str(path),
        "--data",
        str(folder / "data"),
    ]
    out, err = folder / "out.txt", folder / "err.txt"
    with out.open("wb") as output, err.open("wb") as errors:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, "ZHENGMING_DATABASE_URL": db.dsn}, stdout=output, stderr=errors
        )
        peaks: dict[int, float] = {}
        while process.poll() is None:
            peaks |= {pid: _peak(pid) or peaks.get(pid, 0) for pid in (process.pid, *_children(process.pid))}
            time.sleep(POLL_SECONDS)
    return Done(process.returncode, out.read_text(), err.read_text(), sum(peaks.values()))


def _children(pid: int) -> list[int]:
    with suppress(OSError):
        return list(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))
    return []


def _peak(pid: int) -> float:
    """The kernel's own record of the most that a process held; of a resource usage a part would be its parent's."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0
