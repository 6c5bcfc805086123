"""A case: one suspicious host, from the first word about it to the last. States as a table. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from registry.kernel.errors import Reason, Refusal, Text

ANSWER_DAYS = (
    5  # working days until the people who reported are answered: what a first opinion on an application may take
)


class CaseState(StrEnum):
    """As stored in ``verifier.case_file.state``."""

    OPEN = "open"
    LOOKING = "looking"
    CONFIRMED = "confirmed"
    REMOVED = "removed"
    UNFOUNDED = "unfounded"


class CaseAct(StrEnum):
    """What an officer may do with a case."""

    TAKE = "take"
    NOTE = "note"
    CONFIRM = "confirm"
    DISMISS = "dismiss"
    CLOSE = "close"


TRANSITIONS: Mapping[tuple[CaseState, CaseAct], CaseState] = {
    (CaseState.OPEN, CaseAct.TAKE): CaseState.LOOKING,
    (CaseState.LOOKING, CaseAct.TAKE): CaseState.LOOKING,  # somebody else goes on
    (CaseState.OPEN, CaseAct.NOTE): CaseState.OPEN,
    (CaseState.LOOKING, CaseAct.NOTE): CaseState.LOOKING,
    (CaseState.CONFIRMED, CaseAct.NOTE): CaseState.CONFIRMED,
    (CaseState.LOOKING, CaseAct.CONFIRM): CaseState.CONFIRMED,
    (CaseState.LOOKING, CaseAct.DISMISS): CaseState.UNFOUNDED,
    (CaseState.CONFIRMED, CaseAct.CLOSE): CaseState.REMOVED,
}
CLOSED = frozenset({CaseState.REMOVED, CaseState.UNFOUNDED})
ANSWERING = frozenset({CaseAct.CONFIRM, CaseAct.DISMISS})

STATE_WORDS: Mapping[CaseState, tuple[str, Text]] = {
    CaseState.OPEN: ("warn", Text("待核查", "waiting to be looked into")),
    CaseState.LOOKING: ("plain", Text("核查中", "being looked into")),
    CaseState.CONFIRMED: ("bad", Text("已认定为假冒，处置中", "a fake, being taken down")),
    CaseState.REMOVED: ("good", Text("假冒网站已处置", "the fake has been taken down")),
    CaseState.UNFOUNDED: ("plain", Text("未发现假冒", "no fake was found")),
}
# The way that a case goes, for the page on which a citizen follows it; an unfounded one ends after the second step.
CASE_PATH = (CaseState.OPEN, CaseState.LOOKING, CaseState.CONFIRMED, CaseState.REMOVED)
ACT_WORDS: Mapping[CaseAct, Text] = {
    CaseAct.TAKE: Text("由我核查", "I look into it"),
    CaseAct.NOTE: Text("记录", "Note"),
    CaseAct.CONFIRM: Text("认定为假冒", "It is a fake"),
    CaseAct.DISMISS: Text("未发现假冒", "No fake was found"),
    CaseAct.CLOSE: Text("已处置，结案", "Taken down, close"),
}
ORIGIN_WORDS: Mapping[str, Text] = {
    "report": Text("群众举报", "reported by a citizen"),
    "badge": Text("标识在别处被加载", "the badge was loaded elsewhere"),
    "page": Text("访问者从别处来到标识页", "visitors came to the page of a mark from elsewhere"),
}


def next_state(state: CaseState, act: CaseAct) -> CaseState:
    """The state after ``act``; ``STATUS_FORBIDS`` when the table has no such step."""
    after = TRANSITIONS.get((state, act))
    if after is None:
        told = STATE_WORDS[state][1]
        raise Refusal(
            Reason.STATUS_FORBIDS,
            f"案件{told.zh}，不能执行此操作",
            f"the case is {told.en}; this cannot be done",
            where="act",
            value=act,
        )
    return after


def acts_from(state: CaseState) -> tuple[CaseAct, ...]:
    """What may be done now."""
    return tuple(act for act in CaseAct if (state, act) in TRANSITIONS)


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the file's history. ``kind`` is an act, ``opened``, ``reported`` or ``seen``."""

    number: int
    at: datetime
    actor: str
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something that was kept. ``received`` is the hash of a picture as it came, before it was drawn anew."""

    number: int
    at: datetime
    kind: str
    name: str
    content_type: str
    sha256: bytes
    received: bytes | None
    size: int
    content: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Case:
    """The file. ``reports`` is how many people told of the host; ``steps`` and ``evidence`` only where the whole file was read."""

    id: str
    origin: str
    host: str
    address: str
    mark_id: str | None
    uscc: str
    official: str
    verdict: str
    state: CaseState
    opened_at: datetime
    due_at: datetime
    handler: str
    answer: str
    answered_at: datetime | None
    closed_at: datetime | None
    reports: int = 0
    steps: tuple[Step, ...] = ()
    evidence: tuple[Evidence, ...] = ()

    @property
    def due_on(self) -> datetime:
        """An instant of the last day on which an answer is in time."""
        return self.due_at - timedelta(seconds=1)

    def is_overdue(self, now: datetime) -> bool:
        """Whether the people who reported should have been answered."""
        return self.answered_at is None and now >= self.due_at
