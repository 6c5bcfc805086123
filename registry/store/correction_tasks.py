"""Corrections that another register asks of the data centre that owns a body."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from registry.kernel.db import Connection, Record
from registry.store.comparisons import Bounds

_COLUMNS = """
id, at, opened_by, department, comparison, finding, kind, centre, region, level, uscc, name, asked, remark, due_at, state, run, settled_at,
settled_by, reason"""
_OPEN = f"""
insert into correction_task (at, opened_by, department, comparison, finding, kind, centre, region, level, uscc, name, asked, remark, due_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) returning {_COLUMNS}"""
_PAGE = f"""
select {_COLUMNS} from correction_task
where state = $1 and region between $2 and $3 and level = any ($4::text[]) and (region, id) > ($5, $6) order by region, id limit $7"""
_SETTLE = """
update correction_task set state = $2, settled_at = $3, settled_by = $4, reason = $5, run = $6 where id = $1 and state = 'open'"""


@dataclass(frozen=True, slots=True)
class NewTask:
    """What is asked: ``kind`` correct, add or end; ``asked`` is ``{field: (ours, theirs)}``."""

    department: str
    comparison: int
    finding: int
    kind: str
    centre: str
    region: str
    level: str
    uscc: str
    name: str
    asked: Mapping[str, tuple[str, str]]
    remark: str


@dataclass(frozen=True, slots=True)
class CorrectionTask:
    """One task with what became of it; ``run`` is the import that applied it."""

    id: int
    at: datetime
    opened_by: str
    department: str
    comparison: int
    finding: int
    kind: str
    centre: str
    region: str
    level: str
    uscc: str
    name: str
    asked: Mapping[str, list[str]]
    remark: str
    due_at: datetime
    state: str
    run: int | None
    settled_at: datetime | None
    settled_by: str
    reason: str

    @property
    def cursor(self) -> str:
        """Where a page that ends here ends."""
        return f"{self.region}-{self.id}"


async def open_task(conn: "Connection[Record]", task: NewTask, by: str, at: datetime, due: datetime) -> CorrectionTask:
    """Open one."""
    row = await conn.fetchrow(
        _OPEN, at, by, task.department, task.comparison, task.finding, task.kind, task.centre, task.region, task.level, task.uscc,
        task.name, dict(task.asked), task.remark, due,
    )  # fmt: skip
    if row is None:
        raise AssertionError("an insert returns its row")
    return CorrectionTask(**row)


async def find_task(conn: "Connection[Record]", task: int, *, lock: bool = False) -> CorrectionTask | None:
    """One of them, locked until the transaction ends when asked."""
    row = await conn.fetchrow(
        f"select {_COLUMNS} from correction_task where id = $1{' for update' if lock else ''}", task
    )
    return CorrectionTask(**row) if row else None


async def of_finding(conn: "Connection[Record]", finding: int) -> list[CorrectionTask]:
    """What a finding has led to."""
    rows = await conn.fetch(f"select {_COLUMNS} from correction_task where finding = $1 order by id", finding)
    return [CorrectionTask(**row) for row in rows]


async def page(
    conn: "Connection[Record]", state: str, bounds: Bounds, after: tuple[str, int], limit: int
) -> list[CorrectionTask]:
    """Tasks in a state within the bounds, by region."""
    rows = await conn.fetch(_PAGE, state, bounds.low, bounds.high, list(bounds.levels), *after, limit)
    return [CorrectionTask(**row) for row in rows]


async def settle_task(
    conn: "Connection[Record]", task: int, state: str, by: str, at: datetime, reason: str, run: int | None
) -> bool:
    """Note what became of it; False when it is not open any more."""
    return bool(await conn.execute(_SETTLE, task, state, at, by, reason, run) == "UPDATE 1")
