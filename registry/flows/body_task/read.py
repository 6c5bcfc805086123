"""What bodies that changed ask of reviewers: the list of a jurisdiction, and one task with everything that it touches."""

from dataclasses import dataclass

from registry.establishment.timeline import Span, timeline
from registry.flows.act import Act
from registry.flows.review.reach import bounds_of
from registry.kernel.errors import Reason, Refusal
from registry.model.body import Body
from registry.model.body_task import Wanted
from registry.model.jurisdiction import Jurisdiction, jurisdiction_of
from registry.model.person import REVIEWERS, Person, Role
from registry.store import bodies, body_past, body_tasks, domains
from registry.store.body_tasks import Step, Task

PAGE = 100
_SEE_ALL = frozenset({Role.OPERATOR, Role.AUDITOR})
_COUNTRY = Jurisdiction("", ("central", "province", "city", "county", "town"))
_TOLD_FIELDS = ("name", "status", "successor_uscc", "sponsor_uscc", "region", "level")  # of a body's life, on a card


@dataclass(frozen=True, slots=True)
class TaskCard:
    """``body`` as the register has it now; ``heirs`` follow it, the main one first; ``held`` the names of the task that are still its own.

    ``life`` tells what the body was from which day to which. ``may_propose``, ``may_approve``, ``may_override`` are about who looks.
    """

    task: Task
    body: Body | None
    heirs: tuple[Body, ...]
    held: frozenset[str]
    steps: tuple[Step, ...]
    life: tuple[Span, ...]
    others: tuple[Task, ...]
    may_propose: bool
    may_approve: bool
    may_override: bool


async def list_tasks(act: Act, person: Person, wanted: Wanted) -> list[Task]:
    """At most a hundred within his reach; for an agency those that concern its body. Refuses with NOT_PERMITTED."""
    if person.role is Role.AGENCY:
        return await body_tasks.concerning(act.conn, person.uscc) if person.uscc else []
    if person.role in REVIEWERS:
        bounds_of(person)  # says what is wrong with an account without a region
    elif person.role not in _SEE_ALL:
        zh, en = "您的角色没有这项权限", "your role may not do this"
        raise Refusal(Reason.NOT_PERMITTED, zh, en, where="role", value=person.role.value)
    own = jurisdiction_of(person) or _COUNTRY
    return await body_tasks.within(act.conn, own.low, own.high, own.levels, wanted, act.now, PAGE)


async def read_task(act: Act, person: Person, task_id: int) -> TaskCard:
    """One. Refuses with NOT_FOUND what is out of his reach."""
    task = await find_within(act, person, task_id)
    held = frozenset({name["name"] for name in task.names if await _is_held(act, task, name["name"])})
    is_reviewer = person.role in REVIEWERS and person.uscc not in {task.uscc, *task.successors}
    may = is_reviewer and task.state == "open"
    spans = timeline(await body_past.versions(act.conn, task.uscc))
    others = [one for one in await body_tasks.of_body(act.conn, task.uscc) if one.id != task.id]
    return TaskCard(
        task,
        await bodies.find_body(act.conn, task.uscc),
        await find_heirs(act, task),
        held,
        tuple(await body_tasks.steps_of(act.conn, task.id)),
        tuple(span for span in spans if span.field in _TOLD_FIELDS and span.value not in ("", None)),
        tuple(others),
        may_propose=may,
        may_approve=may and task.proposed_by not in ("", person.actor),
        may_override=person.role is Role.OPERATOR and task.state == "open",
    )


async def find_heirs(act: Act, task: Task) -> tuple[Body, ...]:
    """The bodies that follow the task's, as it said and through whatever changed since, the main one first."""
    steps = await body_past.successors_of(act.conn, task.uscc)
    chain = sorted(steps, key=lambda step: step.depth)
    codes = list(dict.fromkeys([*task.successors, *(step.successor for step in chain)]))
    found = await bodies.find_bodies(act.conn, codes)
    return tuple(found[code] for code in codes if code in found and code != task.uscc)


async def find_within(act: Act, person: Person, task_id: int, *, lock: bool = False) -> Task:
    """The task, locked when asked. Refuses with NOT_FOUND."""
    task = await (body_tasks.lock if lock else body_tasks.find)(act.conn, task_id)
    if task is None or not _reaches(person, task):
        zh, en = "没有这项机构变动事项", "there is no such task"
        raise Refusal(Reason.NOT_FOUND, zh, en, where="task", value=str(task_id))
    return task


def _reaches(person: Person, task: Task) -> bool:
    if person.role in REVIEWERS:
        own = jurisdiction_of(person)
        return own is not None and own.covers(task.region, task.level)
    if person.role is Role.AGENCY:
        return bool(person.uscc) and person.uscc in {task.uscc, *task.successors}
    return person.role in _SEE_ALL


async def _is_held(act: Act, task: Task, name: str) -> bool:
    found = await domains.find(act.conn, name)
    return found is not None and found[0].uscc == task.uscc and found[0].deleted_at is None
