"""Everything about one act before the eyes of who files or decides it."""

from collections.abc import Sequence
from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.institution.reach import find_act_within, may_edit
from registry.flows.institution.submit import items_of
from registry.flows.institution.terms import day_of, days_late, left, liquidation_due
from registry.model.body import Body
from registry.model.institution import ActKind, ActMove, ActStage, next_act_stage
from registry.model.jurisdiction import rank
from registry.model.person import REVIEWERS, Person
from registry.policy.institutions import BLANKS, ITEMS, Blank, lacking_purposes, report_due_on
from registry.store import bodies, documents, holdings, institution_records, institutions
from registry.store.documents import Document
from registry.store.holdings import Held
from registry.store.institution_records import Certificate
from registry.store.institutions import ActStep, InstitutionAct


@dataclass(frozen=True, slots=True)
class Line:
    """One field: what is asked, and what is registered now (None where nothing is)."""

    blank: Blank
    given: str
    registered: str | None


@dataclass(frozen=True, slots=True)
class ActCard:
    """``days_left`` are working days of the term that runs; ``late`` how many it came too late; ``moves`` what this person may do."""

    act: InstitutionAct
    stage: ActStage
    body: Body | None
    lines: tuple[Line, ...]
    documents: Sequence[Document]
    lacking: tuple[str, ...]
    steps: Sequence[ActStep]
    certificates: Sequence[Certificate]
    held: Sequence[Held]
    days_left: int
    late: int
    moves: frozenset[ActMove]
    is_editable: bool


async def read_act(act: Act, person: Person, act_id: str) -> ActCard:
    """The card. Refuses with NOT_FOUND what this person does not see."""
    found = await find_act_within(act, person, act_id)
    taken = await institutions.steps(act.conn, found.id)
    there = await documents.of_subject(act.conn, "institution", found.id)
    return ActCard(
        act=found,
        stage=found.stage_now,
        body=await bodies.find_body(act.conn, found.uscc),
        lines=await _lines(act, found),
        documents=there,
        lacking=lacking_purposes(found.kind_now, {one.purpose for one in there}),
        steps=taken,
        certificates=await institution_records.certificates(act.conn, found.uscc),
        held=tuple(await holdings.held_by(act.conn, found.uscc)),
        days_left=left(act.now, found.due_on),
        late=_late(act, found),
        moves=_moves(person, found, taken),
        is_editable=may_edit(person, found) and found.stage_now.is_editable,
    )


async def _lines(act: Act, found: InstitutionAct) -> tuple[Line, ...]:
    items = (await items_of(act, found.uscc)).values if found.kind_now is ActKind.CHANGE else {}
    return tuple(
        Line(blank, found.fields.get(blank.key, ""), items.get(blank.key, "") if blank.key in ITEMS and items else None)
        for blank in BLANKS[found.kind_now]
    )


def _late(act: Act, found: InstitutionAct) -> int:
    day = day_of(found.filed_at or act.now)
    if found.kind_now is ActKind.CANCEL and "ended_on" in found.fields:
        return days_late(day, liquidation_due(day.fromisoformat(found.fields["ended_on"])))
    if found.kind_now is ActKind.REPORT and found.year:
        return days_late(day, report_due_on(found.year))
    return 0


def _moves(person: Person, found: InstitutionAct, taken: Sequence[ActStep]) -> frozenset[ActMove]:
    """What the buttons offer; the flows look again."""
    stage, kind, level = found.stage_now, found.kind_now, found.level
    possible = {move for move in ActMove if next_act_stage(kind, level, stage, move) is not None} - {ActMove.LAPSE}
    own = {ActMove.SUBMIT, ActMove.ANSWER, ActMove.WITHDRAW} if may_edit(person, found) else set()
    theirs: set[ActMove] = set()
    if person.role in REVIEWERS and not (person.uscc and person.uscc == found.uscc):
        theirs = {ActMove.ACCEPT, ActMove.DECLINE, ActMove.RETURN}
        if _may_decide(person, found, taken):
            theirs |= {ActMove.APPROVE, ActMove.REFUSE}
    return frozenset(possible & (own | theirs))


def _may_decide(person: Person, found: InstitutionAct, taken: Sequence[ActStep]) -> bool:
    if person.actor in {found.created_by, found.proposed_by}:
        return False
    first = next((one for one in reversed(taken) if one.actor == found.proposed_by), None)
    return first is None or rank(person.role) >= rank(first.role)
