"""What the decision is given: the question, and the facts that the caller has gathered beforehand.

The decision itself never asks a database. It needs two round trips at most: the first fetches the body of the code and
its predecessors; :func:`registry.policy.naming.lookups.keys_to_look_up` then says which keys to ask for, and the second
fetches everything filed under those keys. All of it together is :class:`Facts`.
"""

from dataclasses import dataclass
from datetime import date

from registry.model.body import Body


@dataclass(frozen=True, slots=True)
class NameRequest:
    """``name`` is LABEL.TLD in either form; ``mapped``: the door is one of people, so the name is mapped first.

    EPP never maps (``mapped=False``). ``holder_name`` is the legal name that the applicant gives, if any.
    """

    name: str
    uscc: str
    holder_name: str | None = None
    mapped: bool = True


@dataclass(frozen=True, slots=True)
class Claim:
    """One name of one body: ``role`` is full, short, alias or former; ``key`` its comparison key; ``living`` the body."""

    key: str
    name: str
    role: str
    uscc: str
    body_name: str
    living: bool


@dataclass(frozen=True, slots=True)
class Registration:
    """A registered bundle under the TLD set that was asked for: U-labels as stored, ``traditional`` as chosen then."""

    key: str
    holder_uscc: str
    holder_name: str
    registered: str
    simplified: str
    traditional: str


@dataclass(frozen=True, slots=True)
class Pending:
    """An application that waits for a reviewer, for the index label ``key``."""

    key: str
    uscc: str
    application: str


@dataclass(frozen=True, slots=True)
class Retired:
    """A name that was official once, and the body that held it."""

    key: str
    uscc: str
    name: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the caller knows. ``own`` is None when no body has the code.

    ``claims``, ``registrations``, ``pending`` and ``retired`` hold what is filed under any of the keys that
    ``keys_to_look_up`` named (own names included or not: the decision leaves them out). ``predecessors``: bodies whose
    successor is the own one, directly or through others. ``similar``: U-labels of registered names that a search
    brought up, for scores only. ``certified_since`` is the day of the body's first certificate of this register, from which on it owes
    annual reports even when none is on file.
    """

    own: Body | None = None
    predecessors: tuple[Body, ...] = ()
    claims: tuple[Claim, ...] = ()
    registrations: tuple[Registration, ...] = ()
    pending: tuple[Pending, ...] = ()
    retired: tuple[Retired, ...] = ()
    similar: tuple[str, ...] = ()
    certified_since: date | None = None
