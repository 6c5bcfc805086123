"""Comparisons as people read them: the list with its figures, pages of findings, one finding side by side."""

from collections.abc import Mapping
from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.comparison.sight import find_comparison, find_finding, sight_of
from registry.kernel.db import Record
from registry.kernel.errors import Reason, Refusal
from registry.model.comparison import FIELDS, Kind
from registry.model.person import REVIEWERS, Person
from registry.policy.comparison.departments import our_state
from registry.store import comparison_settling, comparisons, correction_tasks
from registry.store.comparison_settling import Settlement, Subject
from registry.store.comparisons import Comparison, Figure, Finding, Question
from registry.store.correction_tasks import CorrectionTask

PAGE = 50
MAX_LISTED = 100  # comparisons; older ones are reached by their number
MAX_REJECTIONS = 1_000  # rows that a page lists one by one
STATES = ("open", "settled", "postponed", "none")


@dataclass(frozen=True, slots=True)
class Standing:
    """A comparison with its figures within what the person sees."""

    comparison: Comparison
    figures: tuple[Figure, ...]

    def many(self, kind: str, state: str = "") -> int:
        """Findings of a kind, in a state."""
        return sum(one.many for one in self.figures if not one.field and one.kind == kind and state in ("", one.state))

    def differing(self, field: str) -> int:
        """Differences in a field."""
        return sum(one.many for one in self.figures if one.field == field)

    @property
    def waiting(self) -> int:
        """Findings that wait for a decision."""
        return sum(one.many for one in self.figures if not one.field and one.state in ("open", "postponed"))

    @property
    def total(self) -> int:
        """All findings."""
        return sum(one.many for one in self.figures if not one.field)


@dataclass(frozen=True, slots=True)
class Filters:
    """``kind`` of :class:`~registry.model.comparison.Kind`, ``state`` of :data:`STATES` or empty, ``field`` of ``FIELDS`` or empty."""

    kind: str = Kind.DIFFERENT.value
    state: str = ""
    field: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Findings:
    """A page; ``after`` is where the next one begins, empty at the end."""

    standing: Standing
    lines: tuple[Finding, ...]
    after: str


@dataclass(frozen=True, slots=True)
class Side:
    """What one register says: code, level and names for people, and the compared fields."""

    code: str
    names: tuple[str, ...]
    former: tuple[str, ...]
    values: Mapping[str, str]
    score: float = 0.0
    parts: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A finding with both sides, or the bodies that may be meant; what was decided, and the tasks that followed."""

    comparison: Comparison
    finding: Finding
    ours: tuple[Side, ...]
    theirs: Side | None
    settled: Mapping[str, Settlement]
    tasks: tuple[CorrectionTask, ...]
    may_settle: bool


async def list_comparisons(act: Act, person: Person) -> list[Standing]:
    """The newest comparisons with the figures of what the person sees. Refuses with NOT_PERMITTED."""
    sight = sight_of(person)
    found = await comparisons.listed(act.conn, MAX_LISTED)
    figures = await comparisons.figures(act.conn, [one.id for one in found], sight)
    return [Standing(one, tuple(f for f in figures if f.comparison == one.id)) for one in found]


async def read_standing(act: Act, person: Person, number: str) -> Standing:
    """One comparison with its figures. Refuses with NOT_PERMITTED and NOT_FOUND."""
    sight = sight_of(person)
    comparison = await find_comparison(act, number)
    return Standing(comparison, tuple(await comparisons.figures(act.conn, [comparison.id], sight)))


async def read_findings(act: Act, person: Person, number: str, filters: Filters, limit: int = PAGE) -> Findings:
    """A page of findings. Refuses with NOT_PERMITTED, NOT_FOUND, VALUE_INVALID (filters)."""
    standing = await read_standing(act, person, number)
    question = Question(
        _checked(filters.kind, tuple(Kind), "kind"),
        _checked(filters.state, ("", *STATES), "state"),
        _checked(filters.field, ("", *FIELDS), "field"),
        read_cursor(filters.after),
    )
    lines = await comparisons.page(act.conn, standing.comparison.id, sight_of(person), question, limit + 1)
    return Findings(standing, tuple(lines[:limit]), lines[limit - 1].cursor if len(lines) > limit else "")


async def read_card(act: Act, person: Person, comparison: str, finding: str) -> Card:
    """One finding side by side. Refuses with NOT_PERMITTED and NOT_FOUND."""
    found = await find_finding(act, person, comparison, finding)
    about = await find_comparison(act, comparison)
    row = await comparisons.row_of(act.conn, about.id, found.line)
    scores = {one["uscc"]: (one["score"], one["parts"]) for one in found.candidates}
    codes = [found.uscc] if found.uscc else list(scores)
    bodies = {body["uscc"]: body for body in await comparisons.bodies_of(act.conn, codes)}
    ours = tuple(
        _our_side(bodies[code], *scores.get(code, (found.score, found.parts))) for code in codes if code in bodies
    )
    subject = Subject(about.department, found.uscc, there_of(row) if row else "")
    settled = {one.field: one for one in await comparison_settling.kept_of(act.conn, subject)}
    tasks = tuple(await correction_tasks.of_finding(act.conn, found.id))
    may_settle = person.role in REVIEWERS and found.state != "none"
    return Card(about, found, ours, _their_side(row) if row else None, settled, tasks, may_settle)


async def read_rejections(act: Act, person: Person, number: str) -> list[tuple[int, str, list[dict[str, str]]]]:
    """Rows of the file that were not taken. Refuses with NOT_PERMITTED and NOT_FOUND."""
    sight_of(person)
    comparison = await find_comparison(act, number)
    return await comparisons.rejections(act.conn, comparison.id, MAX_REJECTIONS)


def there_of(row: Record) -> str:
    """How a settlement names a row of their file: by code, else by name and place."""
    return str(row["uscc"] or row["organisation"] or f"{row['label']}@{row['place']}")


def read_cursor(text: str) -> tuple[str, int]:
    """Where a page begins; what is no cursor is the first page."""
    region, _, number = text.partition("-")
    is_cursor = len(region) == 6 and region.isascii() and region.isdigit() and number.isascii() and number.isdigit()
    return (region, int(number[:18])) if is_cursor else ("", 0)


def _checked(value: str, known: tuple[str, ...], where: str) -> str:
    if value not in known:
        shown = " ".join(filter(None, known))
        raise Refusal(
            Reason.VALUE_INVALID, f"应为：{shown}", f"expected one of: {shown}", where=where, value=value[:40]
        )
    return str(value)


def _our_side(body: Record, score: float, parts: Mapping[str, float]) -> Side:
    split = [other.partition(":") for other in body["others"]]
    values = {field: body[field] for field in FIELDS if field != "status"}
    values["status"] = our_state(body["status"], body["successor_uscc"])
    return Side(
        body["uscc"],
        tuple(name for role, _, name in split if role != "former"),
        tuple(name for role, _, name in split if role == "former"),
        values,
        score,
        parts,
    )


def _their_side(row: Record) -> Side:
    return Side(row["uscc"] or row["organisation"], (), (), {field: row[field] for field in FIELDS})
