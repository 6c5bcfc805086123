"""Which keys the caller has to look up, so that two round trips give all facts.

First trip: the body of the code, and the bodies whose successor it is. Second trip: whatever is filed under
:attr:`Keys.all` among names of bodies, registered bundles (of the TLD's set), waiting applications and retired names.
"""

from dataclasses import dataclass

from registry.model.body import Body
from registry.policy.naming.labels import read_name
from registry.policy.naming.request import NameRequest
from registry.policy.naming.suggestions import candidates
from registry.policy.naming.tables import Tables

MAX_LOOK_ALIKES = 8  # spellings with one look-alike character exchanged


@dataclass(frozen=True, slots=True)
class Keys:
    """``label``: the key of the label asked for, empty when it is broken; ``all``: every key to look up, it included."""

    label: str
    all: tuple[str, ...]


def keys_to_look_up(request: NameRequest, own: Body | None, tables: Tables) -> Keys:
    """Keys are index labels: the columns ``body_name.index_label`` and ``domain.index_label`` hold them."""
    read = read_name(request, tables)
    label = read.label.index if read.label else ""
    keys = [label] if label else []
    if own is not None and read.tld:
        keys += [tables.ring.key(text) for text in candidates(own, tables)]
    keys += _look_alikes(label, tables)
    return Keys(label, tuple(dict.fromkeys(key for key in keys if key)))


def _look_alikes(key: str, tables: Tables) -> list[str]:
    found: list[str] = []
    for position, character in enumerate(key):
        for other in tables.look_alikes(character):
            found.append(key[:position] + other + key[position + 1 :])
    return found[:MAX_LOOK_ALIKES]
