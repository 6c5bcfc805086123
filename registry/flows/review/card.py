"""The evidence card of an application: everything a reviewer must have before his eyes, gathered in one act."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from registry.flows.act import Act
from registry.flows.naming.explain import TODAY, Explanation, explain_decision
from registry.flows.review.compare import Compared, compare
from registry.flows.review.queue import is_overdue
from registry.flows.review.reach import find_within
from registry.flows.review.working_days import working_days_since, working_days_spent
from registry.model.application import AGAINST, APPEAL_DAYS, CORRECTION_DAYS, Stage, needs_two
from registry.model.body import Body
from registry.model.jurisdiction import jurisdiction_of, rank
from registry.model.person import REVIEWERS, Person, Role
from registry.store import application_lists, applications, bodies, contacts, documents, holdings, people, responsible
from registry.store.application_lists import Line
from registry.store.applications import Application, Message, Step
from registry.store.documents import Document
from registry.store.holdings import Bearer, Held
from registry.store.responsible import Responsible


@dataclass(frozen=True, slots=True)
class Card:
    """``days`` are working days: until now, or until it was settled. ``body`` is None when the register lost sight of it."""

    application: Application
    stage: Stage
    level: str
    days: int
    is_overdue: bool
    body: Body | None
    fields: tuple[Compared, ...]
    explanation: Explanation | None
    held: tuple[Held, ...]
    rivals: tuple[Line, ...]
    bearers: tuple[Bearer, ...]
    steps: tuple[Step, ...]
    needs_two: bool
    messages: tuple[Message, ...]
    colleagues: tuple[Person, ...]
    appeal: str
    documents: Sequence[Document]
    responsible: Responsible | None
    may_confirm: bool
    due_days: int
    may_decide: bool
    may_withdraw: bool
    may_answer: bool
    may_appeal: bool
    may_write: bool


async def read_card(act: Act, person: Person, application_id: str) -> Card:
    """The card. Refuses with NOT_FOUND what this person does not see."""
    application, level = await find_within(act, person, application_id)
    stage = Stage(application.stage)
    days = _age(application, application.decided_at or act.now)
    body = await bodies.find_body(act.conn, application.uscc)
    registrant = application.request.get("registrant")
    contact = await contacts.find(act.conn, registrant) if registrant else None
    explained = await _explained(act, application)
    label, tld = application.index_label, application.tld
    steps = await applications.steps(act.conn, application.id)
    appeal = await applications.appeal_against(act.conn, application.id)
    answers = await responsible.find(act.conn, application.id)
    return Card(
        application=application,
        stage=stage,
        level=level,
        days=days,
        is_overdue=stage.is_waiting and is_overdue(stage, days),
        body=body,
        fields=compare(application, body, contact),
        explanation=explained,
        held=tuple(await holdings.held_by(act.conn, application.uscc)),
        rivals=tuple(await application_lists.rivals(act.conn, application.id, label, tld)),
        bearers=tuple(await holdings.bearers(act.conn, label, application.uscc)),
        steps=tuple(steps),
        needs_two=needs_two(level) or stage is not Stage.SUBMITTED,
        may_decide=_may_decide(person, application, stage, steps),
        may_withdraw=person.role is Role.AGENCY and stage.is_open,
        messages=tuple(await applications.messages(act.conn, application.id)),
        colleagues=await _colleagues(act, person, application, level) if person.role in REVIEWERS else (),
        appeal=appeal or "",
        documents=await documents.of_subject(act.conn, "application", application.id),
        responsible=answers,
        may_confirm=_may_confirm(person, application, stage, answers),
        due_days=_due_days(application, act.now),
        may_answer=person.role is Role.AGENCY and stage is Stage.RETURNED,
        may_appeal=person.role is Role.AGENCY and not appeal and _may_appeal(application, stage, act.now),
        may_write=person.role is Role.AGENCY or person.role in REVIEWERS,
    )


async def _explained(act: Act, application: Application) -> Explanation | None:
    """The decision then and today, without what today's question finds only because this very application waits."""
    if not application.decision_id:
        return None
    found = await explain_decision(act, application.decision_id)
    own = [application.id]
    kept = (one for one in found.findings if one.mark != TODAY or one.finding["evidence"].get("applications") != own)
    return replace(found, findings=tuple(kept))


def _may_decide(person: Person, application: Application, stage: Stage, steps: list[Step]) -> bool:
    """Whether the buttons are shown; the flow that decides looks again, and knows more."""
    if person.role not in REVIEWERS or not stage.is_waiting:
        return False
    if person.actor in {application.proposed_by, application.applied_by}:
        return False
    if person.uscc and person.uscc == application.uscc:
        return False
    return not (application.proposed_by and steps and rank(person.role) < rank(steps[-1].role))


def _may_confirm(person: Person, application: Application, stage: Stage, one: Responsible | None) -> bool:
    """Whether an account of the body that filed nothing here may say the responsible person's word."""
    is_asked = one is not None and not one.answer and stage.is_open
    return (
        is_asked
        and person.role is Role.AGENCY
        and one is not None
        and person.actor not in {application.applied_by, one.named_by}
    )


def _age(application: Application, now: datetime) -> int:
    return working_days_spent(application.created_at, now, application.paused_days, application.returned_at)


def _due_days(application: Application, now: datetime) -> int:
    """Working days that the applicant has left to correct it."""
    spent = working_days_since(application.returned_at, now) if application.returned_at else 0
    return max(0, CORRECTION_DAYS - spent)


def _may_appeal(application: Application, stage: Stage, now: datetime) -> bool:
    decided = application.decided_at
    is_in_time = decided is not None and now <= decided + timedelta(days=APPEAL_DAYS)
    return stage in AGAINST and application.appeal_of is None and is_in_time


async def _colleagues(act: Act, person: Person, application: Application, level: str) -> tuple[Person, ...]:
    """To whom this reviewer can hand it: others whose reach holds the body, of his own level."""
    found = await people.of_role(act.conn, person.role, application.region)
    others = (one for one in found if one.username != person.username and one.uscc != application.uscc)
    return tuple(one for one in others if (own := jurisdiction_of(one)) and own.covers(application.region, level))
