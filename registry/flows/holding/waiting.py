"""Changes that wait for a reviewer as the second person, because the body has only one account."""

from registry.flows.act import Act
from registry.model.jurisdiction import jurisdiction_of
from registry.model.person import Person
from registry.store import holder_changes
from registry.store.holder_changes import Alone

PAGE = 100


async def list_waiting(act: Act, person: Person) -> list[Alone]:
    """The oldest hundred within his reach; none for who has no jurisdiction."""
    own = jurisdiction_of(person)
    return await holder_changes.of_bodies_alone(act.conn, own.low, own.high, own.levels, PAGE) if own else []
