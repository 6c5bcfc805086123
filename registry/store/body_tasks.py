"""What events of bodies ask of reviewers: one task a body and event, with the names, sites and marks that it touches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from registry.kernel.db import Connection, Record
from registry.model.body_task import Wanted

Event = Literal["renamed", "merged", "split", "abolished", "cancelled", "suspended"]

# Out of what a run changed, the events; only those that touch something open a task: a body without a name on the net is no work.
_OPEN = """
with step as (
    select b.uscc, b.region, b.level, b.name, b.status, b.successor_uscc, p.state->>'name' as was_name,
           p.state->>'status' as was_status, p.state->>'successor_uscc' as was_successor
    from body_past p join body b using (uscc) where p.ended_by = $1
), event as (
    select *, case
        when status in ('merged', 'split', 'abolished', 'cancelled', 'suspended')
             and (status <> was_status or successor_uscc <> was_successor) then status
        when name <> was_name or (status = 'renamed' and (status <> was_status or successor_uscc <> was_successor)) then 'renamed'
    end as event from step
), touched as (
    select e.*,
        coalesce((select jsonb_agg(jsonb_build_object('name', d.name, 'unicode', d.u_label || '.' || t.unicode, 'roid', d.roid,
                                                      'registrar', d.registrar_id) order by d.name)
                  from domain d join tld t on t.name = d.tld where d.uscc = e.uscc), '[]') as names,
        coalesce((select jsonb_agg(jsonb_build_object('id', s.id, 'name', s.name, 'origin', s.origin) order by s.id)
                  from published.site s where s.uscc = e.uscc), '[]') as sites,
        coalesce((select jsonb_agg(jsonb_build_object('id', m.id, 'state', m.state, 'hosts', m.hosts) order by m.id)
                  from published.mark m where m.uscc = e.uscc and m.state <> 'revoked'), '[]') as marks
    from event e where event is not null
)
insert into body_task (opened_at, run, uscc, event, region, level, successors, detail, names, sites, marks, due_at)
select $2, $1, uscc, event, region, level,
       array(select successor from body_succession s where s.predecessor = t.uscc
             order by s.successor <> t.successor_uscc, s.successor),
       jsonb_build_object('name', jsonb_build_array(was_name, name), 'status', jsonb_build_array(was_status, status)),
       names, sites, marks, $3
from touched t where names <> '[]' or sites <> '[]' or marks <> '[]'
order by uscc
returning id, opened_at, run, uscc, event, region, level, successors, detail, names, sites, marks, due_at, state,
          settled_at, settled_by, decision, proposal, proposed_by, proposed_at, remind_at"""

# A body that is well again asks nothing of anybody because it was suspended.
_MOOT = """
update body_task t set state = 'withdrawn', settled_at = $2, settled_by = $3
from body_past p join body b using (uscc)
where p.ended_by = $1 and t.uscc = b.uscc and t.state = 'open' and t.event = 'suspended' and b.status = 'normal'"""
_COLUMNS = """id, opened_at, run, uscc, event, region, level, successors, detail, names, sites, marks, due_at, state, settled_at, settled_by,
    decision, proposal, proposed_by, proposed_at, remind_at"""
_CHANGES = "insert into change (at, kind, subject, detail) values ($1, 'body.task_opened', $2, $3)"
_SETTLE = """
update body_task set state = 'settled', settled_at = $2, settled_by = $3, decision = $4 where id = $1 and state = 'open'"""


@dataclass(frozen=True, slots=True)
class Task:
    """``names`` are ``{"name", "unicode", "roid", "registrar"}``, ``sites`` ``{"id", "name", "origin"}``, ``marks`` ``{"id", "state", "hosts"}``.

    ``detail`` holds ``name`` and ``status`` as ``[before, after]``; ``successors`` the codes of who follows, the main one first.
    """

    id: int
    opened_at: datetime
    run: int | None
    uscc: str
    event: Event
    region: str
    level: str
    successors: list[str]
    detail: Mapping[str, list[str]]
    names: list[dict[str, Any]]
    sites: list[dict[str, Any]]
    marks: list[dict[str, Any]]
    due_at: datetime
    state: Literal["open", "settled", "withdrawn"]
    settled_at: datetime | None
    settled_by: str
    decision: Mapping[str, Any]
    proposal: Mapping[str, Any]
    proposed_by: str
    proposed_at: datetime | None
    remind_at: datetime | None = None


async def open_tasks(conn: "Connection[Record]", run: int, actor: str, now: datetime, due: datetime) -> list[Task]:
    """Open the tasks that a run's changes ask for, and withdraw those that they answer."""
    await conn.execute(_MOOT, run, now, actor)
    tasks = [Task(**row) for row in await conn.fetch(_OPEN, run, now, due)]
    changes = [(now, task.uscc, {"task": task.id, "event": task.event, "region": task.region}) for task in tasks]
    await conn.executemany(_CHANGES, changes)
    return tasks


async def find(conn: "Connection[Record]", task_id: int) -> Task | None:
    """One, or None."""
    row = await conn.fetchrow(f"select {_COLUMNS} from body_task where id = $1", task_id)
    return Task(**row) if row else None


async def waiting(
    conn: "Connection[Record]", regions: str = "", levels: Sequence[str] = (), limit: int = 100
) -> list[Task]:
    """Open tasks of bodies whose region begins with ``regions`` and, if given, of these levels; the most urgent first."""
    rows = await conn.fetch(
        f"""select {_COLUMNS} from body_task where state = 'open' and region like $1 || '%'
            and ($2::text[] = '{{}}' or level = any ($2)) order by due_at, id limit $3""",
        regions,
        list(levels),
        limit,
    )
    return [Task(**row) for row in rows]


async def of_body(conn: "Connection[Record]", uscc: str) -> list[Task]:
    """Every task about a body, the newest first: what its agency is told."""
    rows = await conn.fetch(f"select {_COLUMNS} from body_task where uscc = $1 order by id desc", uscc)
    return [Task(**row) for row in rows]


async def settle(conn: "Connection[Record]", task_id: int, by: str, now: datetime, decision: Mapping[str, Any]) -> bool:
    """Note what was decided; False when it is not open any more."""
    return bool(await conn.execute(_SETTLE, task_id, now, by, dict(decision)) == "UPDATE 1")


async def lock(conn: "Connection[Record]", task_id: int) -> Task | None:
    """One, which nobody else decides until the transaction ends."""
    row = await conn.fetchrow(f"select {_COLUMNS} from body_task where id = $1 for update", task_id)
    return Task(**row) if row else None


async def propose(
    conn: "Connection[Record]", task_id: int, by: str, now: datetime, proposal: Mapping[str, Any]
) -> None:
    """Note what one reviewer would do, in the place of what another would have done."""
    await conn.execute(
        "update body_task set proposal = $2, proposed_by = $3, proposed_at = $4 where id = $1",
        task_id, dict(proposal), by, now,
    )  # fmt: skip


async def within(
    conn: "Connection[Record]", low: str, high: str, levels: Sequence[str], wanted: Wanted, now: datetime, limit: int
) -> list[Task]:
    """Tasks between these regions and of these levels, the most urgent first; of those that are over the newest first."""
    is_open = wanted.state == "open"
    order = "due_at, id" if is_open else "settled_at desc, id desc"
    rows = await conn.fetch(
        f"""select {_COLUMNS} from body_task where region between $1 and $2 and level = any ($3)
            and (state = 'open') = $4 and ($5 = '' or event = $5) and starts_with(region, $6)
            and case $7 when 'first' then proposed_by = '' when 'second' then proposed_by <> '' when 'late' then due_at < $8 else true end
            order by {order} limit $9""",
        low, high, list(levels), is_open, wanted.event, wanted.region, wanted.step if is_open else "", now, limit,
    )  # fmt: skip
    return [Task(**row) for row in rows]


async def concerning(conn: "Connection[Record]", uscc: str) -> list[Task]:
    """Every task about a body or one that it follows, the newest first: what its agency is told."""
    rows = await conn.fetch(
        f"select {_COLUMNS} from body_task where uscc = $1 or $1 = any (successors) order by id desc limit 200", uscc
    )
    return [Task(**row) for row in rows]


async def drop_proposal(conn: "Connection[Record]", task_id: int) -> None:
    """What somebody proposed has no part in a decision that another makes alone."""
    await conn.execute(
        "update body_task set proposal = '{}', proposed_by = '', proposed_at = null where id = $1", task_id
    )


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done, or was done, with one name of a task. ``holder`` is the successor's code; for ``retire`` of who bears it until then."""

    task_id: int
    roid: str
    name: str
    choice: str
    holder: str
    due_at: datetime
    done_at: datetime | None = None
    outcome: str = ""


_STEP = "s.task_id, s.roid, s.name, s.choice, s.holder, s.due_at, s.done_at, s.outcome"
_ALIVE = "(b.status = 'normal' or (b.status = 'renamed' and b.successor_uscc = ''))"
_HELD = f"""
from body_step s join body_task t on t.id = s.task_id join body b on b.uscc = t.uscc
where s.choice = 'hold' and s.done_at is not null and s.outcome = '' and {_ALIVE}
  and not exists (select from body_step r where r.task_id = s.task_id and r.roid = s.roid and r.choice = 'release')"""


async def add_steps(conn: "Connection[Record]", steps: Sequence[Step]) -> None:
    """Write them."""
    await conn.executemany(
        "insert into body_step (task_id, roid, name, choice, holder, due_at, done_at) values ($1, $2, $3, $4, $5, $6, $7)",
        [(one.task_id, one.roid, one.name, one.choice, one.holder, one.due_at, one.done_at) for one in steps],
    )


async def supersede(conn: "Connection[Record]", task_id: int, roids: Sequence[str], now: datetime) -> None:
    """What earlier decisions would still do to these names is not done any more."""
    await conn.execute(
        "update body_step set done_at = $3, outcome = $4 where roid = any ($1) and task_id < $2 and done_at is null",
        list(roids), task_id, now, f"由事项 {task_id} 另行决定 / decided anew by task {task_id}",
    )  # fmt: skip


async def steps_of(conn: "Connection[Record]", task_id: int) -> list[Step]:
    """Those of one task."""
    rows = await conn.fetch(
        f"select {_STEP} from body_step s where task_id = $1 order by name, due_at, choice", task_id
    )
    return [Step(*row) for row in rows]


async def due_steps(conn: "Connection[Record]", now: datetime, limit: int) -> list[Step]:
    """Those whose day has come."""
    rows = await conn.fetch(
        f"select {_STEP} from body_step s where done_at is null and due_at <= $1 order by due_at, task_id, roid limit $2",
        now, limit,
    )  # fmt: skip
    return [Step(*row) for row in rows]


async def is_due(conn: "Connection[Record]", step: Step, now: datetime) -> bool:
    """Whether it is still to be done now: nobody did it meanwhile, or put it off."""
    sql = """select exists (select from body_step where task_id = $1 and roid = $2 and choice = $3
             and done_at is null and due_at <= $4)"""
    return bool(await conn.fetchval(sql, step.task_id, step.roid, step.choice, now))


async def to_warn(conn: "Connection[Record]", now: datetime, until: datetime, limit: int) -> list[Step]:
    """Names that stop resolving before then, and whose holder was not told that the day is near."""
    rows = await conn.fetch(
        f"""select {_STEP} from body_step s where done_at is null and warned_at is null and due_at > $1 and due_at <= $2
            and choice in ('hold', 'retire') order by due_at, task_id, roid limit $3""",
        now, until, limit,
    )  # fmt: skip
    return [Step(*row) for row in rows]


async def note_warned(conn: "Connection[Record]", step: Step, now: datetime) -> None:
    """They were told."""
    await conn.execute(
        "update body_step set warned_at = $4 where task_id = $1 and roid = $2 and choice = $3",
        step.task_id, step.roid, step.choice, now,
    )  # fmt: skip


async def to_release(conn: "Connection[Record]", limit: int) -> list[Step]:
    """Holds that were carried out and whose body is alive again."""
    rows = await conn.fetch(f"select {_STEP} {_HELD} order by s.task_id, s.roid limit $1", limit)
    return [Step(*row) for row in rows]


async def may_release(conn: "Connection[Record]", step: Step) -> bool:
    """Whether it is still so."""
    sql = f"select exists (select {_HELD} and s.task_id = $1 and s.roid = $2)"
    return bool(await conn.fetchval(sql, step.task_id, step.roid))


async def is_retired(conn: "Connection[Record]", roid: str) -> bool:
    """Whether a decision took this name out of use."""
    sql = "select exists (select from body_step where roid = $1 and choice = 'retire' and done_at is not null and outcome = '')"
    return bool(await conn.fetchval(sql, roid))


async def finish_step(conn: "Connection[Record]", step: Step, now: datetime, outcome: str) -> None:
    """It was carried out, or ``outcome`` says why it could not be."""
    await conn.execute(
        "update body_step set done_at = $4, outcome = $5 where task_id = $1 and roid = $2 and choice = $3",
        step.task_id, step.roid, step.choice, now, outcome,
    )  # fmt: skip


async def postpone_step(conn: "Connection[Record]", step: Step, until: datetime) -> None:
    """Something stood in its way; it is tried again then."""
    await conn.execute(
        "update body_step set due_at = $4 where task_id = $1 and roid = $2 and choice = $3",
        step.task_id, step.roid, step.choice, until,
    )  # fmt: skip


async def to_remind(conn: "Connection[Record]", now: datetime, until: datetime, limit: int) -> list[Task]:
    """Open tasks whose next reminder has come, or that have none yet and are due before ``until``."""
    rows = await conn.fetch(
        f"""select {_COLUMNS} from body_task where state = 'open' and (remind_at <= $1 or (remind_at is null and due_at < $2))
            order by due_at, id limit $3""",
        now, until, limit,
    )  # fmt: skip
    return [Task(**row) for row in rows]


async def note_reminder(conn: "Connection[Record]", task_id: int, at: datetime) -> None:
    """When somebody is to be reminded next."""
    await conn.execute("update body_task set remind_at = $2 where id = $1", task_id, at)
