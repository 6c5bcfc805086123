"""An application for a name or for a verification: its stages, and who may move it on. Pure.

The table is the whole truth: what is not in it cannot happen. Where two people decide, the first one's word is an opinion
(``endorsed``, ``objected``) and the second, another person, decides. An approval always has two people behind it there: who
disagrees with a proposed refusal gives an opinion of his own, which a third (or the first) may follow.
"""

from collections.abc import Mapping
from enum import StrEnum

from registry.kernel.errors import Text
from registry.model.body import CITY, COUNTY, PROVINCE, TOWN

MAX_REASON = 1000  # characters; a decision letter quotes it whole
MAX_NOTE = 500  # characters; what an applicant adds to an application that the register already fills in
MAX_WAITING = (
    20  # applications of one body that may wait at once; the longest list of names that a body asked for at a time
)


class Stage(StrEnum):
    """Where an application stands. The first three wait; the others are final."""

    SUBMITTED = "submitted"
    ENDORSED = "endorsed"
    OBJECTED = "objected"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def is_waiting(self) -> bool:
        """Whether somebody must still decide."""
        return self in WAITING


class Move(StrEnum):
    """What a person can do with a waiting application."""

    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


WAITING = frozenset({Stage.SUBMITTED, Stage.ENDORSED, Stage.OBJECTED})
STAGE_WORDS: Mapping[Stage, Text] = {
    Stage.SUBMITTED: Text("待审核", "waiting for review"),
    Stage.ENDORSED: Text("拟同意，待复核", "endorsed, waiting for a second reviewer"),
    Stage.OBJECTED: Text("拟驳回，待复核", "objected to, waiting for a second reviewer"),
    Stage.APPROVED: Text("已批准", "approved"),
    Stage.REFUSED: Text("已驳回", "refused"),
    Stage.WITHDRAWN: Text("已撤回", "withdrawn"),
}

_WITHDRAWAL = {(stage, Move.WITHDRAW): Stage.WITHDRAWN for stage in WAITING}
ONE_PERSON: Mapping[tuple[Stage, Move], Stage] = {
    (Stage.SUBMITTED, Move.APPROVE): Stage.APPROVED,
    (Stage.SUBMITTED, Move.REFUSE): Stage.REFUSED,
    **_WITHDRAWAL,
}
TWO_PEOPLE: Mapping[tuple[Stage, Move], Stage] = {
    (Stage.SUBMITTED, Move.APPROVE): Stage.ENDORSED,
    (Stage.SUBMITTED, Move.REFUSE): Stage.OBJECTED,
    (Stage.ENDORSED, Move.APPROVE): Stage.APPROVED,
    (Stage.ENDORSED, Move.REFUSE): Stage.REFUSED,
    (Stage.OBJECTED, Move.REFUSE): Stage.REFUSED,
    (Stage.OBJECTED, Move.APPROVE): Stage.ENDORSED,
    **_WITHDRAWAL,
}

# 同级审核, then 复核 by another person; for bodies of the centre the registry centre is both the same level and the last.
_TWO_PEOPLE_LEVELS = frozenset({PROVINCE, CITY, COUNTY, TOWN})


def needs_two(level: str) -> bool:
    """Whether two people decide about a body of this level."""
    return level in _TWO_PEOPLE_LEVELS


def next_stage(stage: Stage, move: Move, level: str) -> Stage | None:
    """Where the move leads, None when it is not possible: the application is settled."""
    table = TWO_PEOPLE if needs_two(level) or stage is not Stage.SUBMITTED else ONE_PERSON
    return table.get((stage, move))
