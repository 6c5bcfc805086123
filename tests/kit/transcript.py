"""Documentation that runs: ``console`` blocks of a Markdown file as a script, their output compared line by line.

``…`` stands for anything, and any white space for any other.
A line that is only ``…`` stands for any number of lines. Commands share one shell, so variables last.
"""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

MARK = "=== end of command ==="


@dataclass(frozen=True, slots=True)
class Step:
    """One ``$ command`` and what the document says it prints."""

    line: int
    command: str
    expected: tuple[str, ...]


def read_steps(path: Path) -> list[Step]:
    """The commands of all ``console`` blocks."""
    steps: list[Step] = []
    inside = False
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.startswith("```"):
            inside = line == "```console"
        elif inside and line.startswith("$ "):
            steps.append(Step(number, line[2:], ()))
        elif inside and steps:
            last = steps[-1]
            steps[-1] = Step(last.line, last.command, (*last.expected, line))
    return steps


def run_steps(steps: list[Step], folder: Path, environment: dict[str, str], prepare: str = "") -> list[list[str]]:
    """What each command printed, standard error included."""
    script = prepare + "\n" + "\n".join(f"{step.command}\necho; echo '{MARK}'" for step in steps)
    run = subprocess.run(
        ["bash", "-c", script], cwd=folder, env=environment, check=False, capture_output=True, timeout=120
    )
    parts = run.stdout.decode().split(f"\n{MARK}\n")
    assert len(parts) == len(steps) + 1, run.stderr.decode() + run.stdout.decode()
    return [part.strip("\n").splitlines() for part in parts[:-1]]


def matches(expected: tuple[str, ...], printed: list[str]) -> bool:
    """Whether the document tells the truth about what was printed."""
    pattern = "".join(r"(?:.*\n)*?" if line.strip() == "…" else _line_pattern(line) for line in expected)
    return re.fullmatch(pattern, "".join(f"{line.rstrip()}\n" for line in printed)) is not None


def _line_pattern(line: str) -> str:
    words = (re.escape(word).replace("…", ".*") for word in line.split())
    return r"[ \t]*" + r"[ \t]+".join(words) + r"[ \t]*\n"
