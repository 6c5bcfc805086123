"""What an agency's person finds when he comes: his body, its names, its applications."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.review.file_name import body_of
from registry.model.body import Body
from registry.model.person import Person
from registry.store import application_lists, bodies, drafts, holdings
from registry.store.application_lists import Line
from registry.store.drafts import Draft
from registry.store.holdings import Held

SHOWN = 50  # applications; older ones are found by their number


@dataclass(frozen=True, slots=True)
class Desk:
    """``body`` is None when the register does not know the code of the account."""

    body: Body | None
    held: tuple[Held, ...]
    applications: tuple[Line, ...]
    drafts: tuple[Draft, ...]


async def read_desk(act: Act, person: Person) -> Desk:
    """The desk. Refuses with NOT_PERMITTED when the account belongs to no body."""
    uscc = body_of(person)
    return Desk(
        await bodies.find_body(act.conn, uscc),
        tuple(await holdings.held_by(act.conn, uscc)),
        tuple(await application_lists.of_body(act.conn, uscc, SHOWN)),
        tuple(await drafts.of_body(act.conn, uscc, SHOWN)),
    )
