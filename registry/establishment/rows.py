"""What readers hand on: rows of text cells under the contract's column names, canonical rows, rejected rows."""

from collections.abc import Mapping
from dataclasses import dataclass

from registry.establishment.grid import Grid
from registry.kernel.errors import Problem, Reason, Text

SHOWN_CHARACTERS = 60  # of a bad value in a message: enough to find it, too little to flood a terminal


@dataclass(frozen=True, slots=True)
class Row:
    """One record of the file. ``line`` counts from 1, the header included; ``cells`` may lack optional columns."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that was not taken, and everything that is wrong with it.

    ``uscc`` is what stood in that column, for the reader's eye.
    """

    line: int
    uscc: str
    problems: tuple[Problem, ...]

    def __str__(self) -> str:
        told = "; ".join(
            f"{problem.where}: {problem.text}" + (f" [{problem.value}]" if problem.value else "")
            for problem in self.problems
        )
        return f"第 {self.line} 行 / line {self.line} {self.uscc}: {told}"


Entry = tuple[int, tuple[str, ...]]  # the line of a good row, and its canonical cells (``columns``)


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of a file: canonical ones as a grid, and all others, good and bad. ``position`` says how many bytes of the file are read."""

    others: "list[Entry | Rejected]"
    position: int
    grid: Grid | None = None

    @property
    def entries(self) -> "list[Entry | Rejected]":
        """All rows in their order."""
        if self.grid is None:
            return self.others
        rows: list[Entry | Rejected] = [*self.grid.rows()]
        return sorted([*rows, *self.others], key=line_of) if self.others else rows


def line_of(entry: "Entry | Rejected") -> int:
    """Where a row stood."""
    return entry.line if isinstance(entry, Rejected) else entry[0]


def problem(where: str, value: str, zh: str, en: str, reason: Reason = Reason.SYNTAX_INVALID) -> Problem:
    """One thing wrong in a row; the value is shortened and shown without control characters."""
    shown = value if len(value) <= SHOWN_CHARACTERS else value[: SHOWN_CHARACTERS - 1] + "…"
    return Problem(reason, Text(zh, en), where, "".join(c if c.isprintable() else "�" for c in shown))


def rejected(line: int, wrong: Problem) -> Rejected:
    """A row with one problem that was seen before its cells could be read."""
    return Rejected(line, "", (wrong,))
