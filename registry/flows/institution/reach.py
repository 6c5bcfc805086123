"""Which acts of institutions a person sees, and which of them are his to change. What lies beyond is not there."""

import re

from registry.flows.act import Act
from registry.flows.review.reach import bounds_of
from registry.kernel.errors import Reason, Refusal
from registry.model.institution import ActStage
from registry.model.jurisdiction import jurisdiction_of
from registry.model.person import REVIEWERS, Person, Role
from registry.store import institutions
from registry.store.institutions import InstitutionAct, Reach

_ID = re.compile(r"[0-9A-Z]{1,40}")
_SEE_ALL = frozenset({Role.OPERATOR, Role.AUDITOR})


async def find_act_within(act: Act, person: Person, act_id: str, *, lock: bool = False) -> InstitutionAct:
    """The act, locked until the transaction ends when asked. Refuses with NOT_FOUND."""
    found = (
        await (institutions.lock if lock else institutions.find)(act.conn, act_id) if _ID.fullmatch(act_id) else None
    )
    if found is None or not _reaches(person, found):
        raise Refusal(Reason.NOT_FOUND, "没有这件登记事项", "there is no such act", where="act", value="")
    return found


def may_edit(person: Person, found: InstitutionAct) -> bool:
    """Whether it is his to fill in, to prove, to file and to withdraw: an agency's of that body, or who drew it up."""
    return found.created_by == person.actor or _is_own(person, found)


def reach_of(person: Person) -> Reach:
    """What a reviewer's list holds. Refuses with NOT_PERMITTED who has no jurisdiction."""
    bounds = bounds_of(person)
    return Reach(bounds.low, bounds.high, bounds.levels) if bounds else Reach()


def covers(person: Person, region: str, level: str) -> bool:
    """Whether a body of this place and level is the business of this reviewer."""
    own = jurisdiction_of(person)
    return own is not None and own.covers(region, level)


def _reaches(person: Person, found: InstitutionAct) -> bool:
    if found.created_by == person.actor:
        return True
    if found.stage_now is ActStage.DRAFT:
        return _is_own(person, found)
    if person.role in REVIEWERS:
        return covers(person, found.region, found.level)
    return person.role in _SEE_ALL or _is_own(person, found)


def _is_own(person: Person, found: InstitutionAct) -> bool:
    return person.role is Role.AGENCY and bool(person.uscc) and person.uscc == found.uscc
