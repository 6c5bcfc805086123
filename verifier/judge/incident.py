"""An incident from its first suspicion to its end: one table, and what belongs to one incident. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from registry.kernel.errors import Reason, Refusal
from verifier.judge.quorum import Standing


class IncidentState(StrEnum):
    """As stored. ``suspected`` harms nobody; from ``confirmed`` on people are told and, at P1, the mark is suspended."""

    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"
    ACKNOWLEDGED = "acknowledged"  # a person has it in hand: no more reminders
    DISMISSED = "dismissed"  # it was nothing, with a reason; or the suspicion passed by itself
    CLOSED = "closed"


class IncidentAct(StrEnum):
    """What can be done to it. ``clear`` is the watch's own, after enough clean looks."""

    CONFIRM = "confirm"
    ACKNOWLEDGE = "acknowledge"
    CLEAR = "clear"
    DISMISS = "dismiss"
    CLOSE = "close"
    REOPEN = "reopen"


TRANSITIONS: Mapping[tuple[IncidentState, IncidentAct], IncidentState] = {
    (IncidentState.SUSPECTED, IncidentAct.CONFIRM): IncidentState.CONFIRMED,
    (IncidentState.SUSPECTED, IncidentAct.CLEAR): IncidentState.DISMISSED,
    (IncidentState.SUSPECTED, IncidentAct.DISMISS): IncidentState.DISMISSED,
    (IncidentState.CONFIRMED, IncidentAct.ACKNOWLEDGE): IncidentState.ACKNOWLEDGED,
    (IncidentState.CONFIRMED, IncidentAct.CLEAR): IncidentState.CLOSED,
    (IncidentState.CONFIRMED, IncidentAct.DISMISS): IncidentState.DISMISSED,
    (IncidentState.CONFIRMED, IncidentAct.CLOSE): IncidentState.CLOSED,
    (IncidentState.ACKNOWLEDGED, IncidentAct.CLEAR): IncidentState.CLOSED,
    (IncidentState.ACKNOWLEDGED, IncidentAct.DISMISS): IncidentState.DISMISSED,
    (IncidentState.ACKNOWLEDGED, IncidentAct.CLOSE): IncidentState.CLOSED,
    (IncidentState.CLOSED, IncidentAct.REOPEN): IncidentState.CONFIRMED,
}
OPEN = frozenset({IncidentState.SUSPECTED, IncidentState.CONFIRMED, IncidentState.ACKNOWLEDGED})

STATE_WORDS: Mapping[IncidentState, tuple[str, str]] = {
    IncidentState.SUSPECTED: ("待核实", "suspected"),
    IncidentState.CONFIRMED: ("已确认", "confirmed"),
    IncidentState.ACKNOWLEDGED: ("处理中", "in hand"),
    IncidentState.DISMISSED: ("已排除", "dismissed"),
    IncidentState.CLOSED: ("已了结", "closed"),
}


def next_state(state: IncidentState, act: IncidentAct) -> IncidentState:
    """The state after ``act``; ``STATUS_FORBIDS`` when the table has no such step."""
    after = TRANSITIONS.get((state, act))
    if after is None:
        zh, en = STATE_WORDS[state]
        raise Refusal(
            Reason.STATUS_FORBIDS,
            f"事件{zh}，不能执行此操作",
            f"the incident is {en}; this cannot be done",
            where="act",
            value=act,
        )
    return after


def act_of(state: IncidentState | None, standing: Standing) -> IncidentAct | None:
    """What the watch itself does to an incident when the looks add up to ``standing``; ``None``: nothing. A new one begins as suspected."""
    if standing is Standing.CONFIRMED and state is IncidentState.SUSPECTED:
        return IncidentAct.CONFIRM
    if standing is Standing.CLEAR and state in OPEN:
        return IncidentAct.CLEAR
    return None


@dataclass(frozen=True, slots=True)
class Trouble:
    """One rule broken at one site. ``platform`` and ``address`` are what the site may share with others."""

    site: str
    rule: str
    platform: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """What one incident is about: a ``site``, a ``platform`` or an ``address``, by its ``name``; and the sites in it."""

    kind: str
    name: str
    rule: str
    sites: tuple[str, ...]


SHARED = 3  # sites of one platform with one trouble are one incident


def gather(troubles: Iterable[Trouble], shared: int = SHARED) -> tuple[Scope, ...]:
    """The incidents in a heap of troubles: a shared platform, then a shared address, that fails is one; the rest stand alone."""
    left = sorted(set(troubles), key=lambda one: (one.rule, one.site))
    found: list[Scope] = []
    for kind in ("platform", "address"):
        groups: defaultdict[tuple[str, str], list[Trouble]] = defaultdict(list)
        for one in left:
            if name := getattr(one, kind):
                groups[name, one.rule].append(one)
        for (name, rule), members in sorted(groups.items()):
            sites = tuple(sorted({one.site for one in members}))
            if len(sites) >= shared:
                found.append(Scope(kind, name, rule, sites))
                left = [one for one in left if one not in members]
    return (*found, *(Scope("site", one.site, one.rule, (one.site,)) for one in left))


@dataclass(frozen=True, slots=True)
class Suspensions:
    """Whose mark falls now, and who waits for a person."""

    now: tuple[str, ...]
    held: tuple[str, ...]


MOST_AT_ONCE = (
    20  # marks in ten minutes without a person: a broken rule must not black out a country (verifier.md 3.5 i)
)


def limit_suspensions(scopes: Sequence[Scope], recent: int, most: int = MOST_AT_ONCE) -> Suspensions:
    """The sites of confirmed P1 incidents whose marks are suspended at once. ``recent``: suspensions of the last ten minutes.

    A shared incident is held whole, because its cause is one and may be ours; so is everything once the limit is passed.
    """
    alone = sorted({site for scope in scopes if scope.kind == "site" for site in scope.sites})
    together = sorted({site for scope in scopes if scope.kind != "site" for site in scope.sites} - set(alone))
    if recent + len(alone) > most:
        return Suspensions((), tuple(sorted({*alone, *together})))
    return Suspensions(tuple(alone), tuple(together))
