"""Whose inbox a notice lies in. Pure, and the only place that says it.

Reviewers are told of the bodies of their own level: a county's bureau is the business of the county's desk, and reaches the city
only when somebody sends it there. Towns have no desk of their own and fall to the county.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from registry.model.body import CENTRAL, CITY, COUNTY, PROVINCE, TOWN
from registry.model.jurisdiction import jurisdiction_of
from registry.model.notice import RecipientKind
from registry.model.person import Person, Role

_LEVELS: Mapping[Role, tuple[str, ...]] = {
    Role.REVIEWER_COUNTY: (COUNTY, TOWN),
    Role.REVIEWER_CITY: (CITY,),
    Role.REVIEWER_PROVINCE: (PROVINCE,),
    Role.REVIEWER_CENTRAL: (CENTRAL,),
}


@dataclass(frozen=True, slots=True)
class Box:
    """Notices of one kind of recipient whose ids lie from ``low`` to ``high``, both included."""

    kind: RecipientKind
    low: str
    high: str


def boxes_of(person: Person) -> tuple[Box, ...]:
    """Every box that this person reads."""
    return (_one("person", person.username), _one("role", person.role.value), *_of_body(person), *_of_reviewer(person))


def _one(kind: RecipientKind, key: str) -> Box:
    return Box(kind, key, key)


def _of_body(person: Person) -> tuple[Box, ...]:
    return (_one("body", person.uscc),) if person.role is Role.AGENCY and person.uscc else ()


def _of_reviewer(person: Person) -> tuple[Box, ...]:
    own = jurisdiction_of(person)
    if own is None:
        return ()
    return tuple(Box("reviewers", f"{level}:{own.low}", f"{level}:{own.high}") for level in _LEVELS[person.role])
