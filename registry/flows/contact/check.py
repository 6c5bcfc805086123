"""contact:check (RFC 5733 section 3.1.1)."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.kernel.errors import Text
from registry.model.answer import Availability
from registry.policy.objects.identifier import is_identifier
from registry.store import contacts

TAKEN = Text("已被使用", "In use")
NO_IDENTIFIER = Text("标识格式不正确", "Not a valid identifier")


@dataclass(frozen=True, slots=True)
class CheckContacts:
    """The identifiers in the order in which they were asked."""

    ids: tuple[str, ...]


async def check_contacts(act: Act, order: CheckContacts) -> dict[str, Availability]:
    """Which identifiers can still be created; one that is no identifier is not available and says why."""
    sound = [one for one in order.ids if is_identifier(one)]
    taken = await contacts.known(act.conn, sound) if sound else frozenset()
    return {one: _availability(one, taken) for one in order.ids}


def _availability(one: str, taken: frozenset[str]) -> Availability:
    if not is_identifier(one):
        return Availability(available=False, reason=NO_IDENTIFIER)
    return Availability(available=False, reason=TAKEN) if one in taken else Availability(available=True)
