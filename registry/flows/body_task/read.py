"""What bodies that changed ask of reviewers: the list of a jurisdiction, and one task with everything that it touches."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.review.reach import bounds_of
from registry.kernel.errors import Reason, Refusal
from registry.model.body import Body
from registry.model.jurisdiction import Jurisdiction, jurisdiction_of
from registry.model.person import REVIEWERS, Person, Role
from registry.store import bodies, body_tasks, domains
from registry.store.body_tasks import Step, Task

PAGE = 100
_SEE_ALL = frozenset({Role.OPERATOR, Role.AUDITOR})
_COUNTRY = Jurisdiction("", ("central", "province", "city", "county", "town"))


@dataclass(frozen=True, slots=True)
class TaskCard:
    """``body`` as the register has it now; ``heirs`` are its successors; ``held`` the names of the task that it still holds."""

    task: Task
    body: Body | None
    heirs: tuple[Body, ...]
    held: frozenset[str]
    steps: tuple[Step, ...]
    may_decide: bool


async def list_tasks(act: Act, person: Person, state: str = "open") -> list[Task]:
    """At most a hundred within his reach; for an agency those that concern its body. Refuses with NOT_PERMITTED."""
    if person.role is Role.AGENCY:
        return await body_tasks.of_body(act.conn, person.uscc) if person.uscc else []
    if person.role in REVIEWERS:
        bounds_of(person)  # says what is wrong with an account without a region
    own = jurisdiction_of(person) or _COUNTRY
    wanted = state if state in {"open", "settled"} else "open"
    return await body_tasks.within(act.conn, own.low, own.high, own.levels, wanted, PAGE)


async def read_task(act: Act, person: Person, task_id: int) -> TaskCard:
    """One. Refuses with NOT_FOUND what is out of his reach."""
    task = await find_within(act, person, task_id)
    heirs = [await bodies.find_body(act.conn, uscc) for uscc in task.successors]
    held = frozenset({name["name"] for name in task.names if await _is_held(act, task, name["name"])})
    may = person.role in REVIEWERS and task.state == "open" and person.uscc not in {task.uscc, *task.successors}
    return TaskCard(
        task,
        await bodies.find_body(act.conn, task.uscc),
        tuple(heir for heir in heirs if heir is not None),
        held,
        tuple(await body_tasks.steps_of(act.conn, task.id)),
        may,
    )


async def find_within(act: Act, person: Person, task_id: int, *, lock: bool = False) -> Task:
    """The task, locked when asked. Refuses with NOT_FOUND."""
    task = await (body_tasks.lock if lock else body_tasks.find)(act.conn, task_id)
    if task is None or not _reaches(person, task):
        raise Refusal(
            Reason.NOT_FOUND, "没有这项机构变动事项", "there is no such task", where="task", value=str(task_id)
        )
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
