"""What events of bodies ask of reviewers: one task a body and event, with the names, sites and marks that it touches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from registry.kernel.db import Connection, Record

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
          settled_at, settled_by, decision"""

# A body that is well again asks nothing of anybody because it was suspended.
_MOOT = """
update body_task t set state = 'withdrawn', settled_at = $2, settled_by = $3
from body_past p join body b using (uscc)
where p.ended_by = $1 and t.uscc = b.uscc and t.state = 'open' and t.event = 'suspended' and b.status = 'normal'"""
_COLUMNS = """id, opened_at, run, uscc, event, region, level, successors, detail, names, sites, marks, due_at, state, settled_at, settled_by,
    decision"""
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
