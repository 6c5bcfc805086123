"""An application for a name or for a verification: its stages, and who may move it on. Pure.

The table is the whole truth: what is not in it cannot happen. Where two people decide, the first one's word is an opinion
(``endorsed``, ``objected``) and the second, another person, decides. An approval always has two people behind it there: who
disagrees with a proposed refusal gives an opinion of his own, which a third (or the first) may follow.

A reviewer may send an application back to be corrected (补正): its clock stands still, it keeps its place, and it returns to his desk.
What is no case for this registry at all is not accepted (不予受理). Who was refused or not accepted may ask once for another look (复核),
which is an application of its own that points at the first and is decided above those who decided it.
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
    """Where an application stands. The first three wait for reviewers, ``returned`` for the applicant; the others are final."""

    SUBMITTED = "submitted"
    ENDORSED = "endorsed"
    OBJECTED = "objected"
    RETURNED = "returned"
    APPROVED = "approved"
    REFUSED = "refused"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"

    @property
    def is_waiting(self) -> bool:
        """Whether a reviewer must still decide."""
        return self in WAITING

    @property
    def is_open(self) -> bool:
        """Whether it is not settled yet: the name is kept for it."""
        return self in OPEN


class Move(StrEnum):
    """What can be done with an open application; ``LAPSE`` is what time does."""

    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    RETURN = "return"
    ANSWER = "answer"
    DECLINE = "decline"
    LAPSE = "lapse"


WAITING = frozenset({Stage.SUBMITTED, Stage.ENDORSED, Stage.OBJECTED})
OPEN = WAITING | {Stage.RETURNED}
AGAINST = frozenset({Stage.REFUSED, Stage.DECLINED})  # what one may appeal against
STAGE_WORDS: Mapping[Stage, Text] = {
    Stage.SUBMITTED: Text("待审核", "waiting for review"),
    Stage.ENDORSED: Text("拟同意，待复核", "endorsed, waiting for a second reviewer"),
    Stage.OBJECTED: Text("拟驳回，待复核", "objected to, waiting for a second reviewer"),
    Stage.RETURNED: Text("待补正", "returned for correction"),
    Stage.APPROVED: Text("已批准", "approved"),
    Stage.REFUSED: Text("已驳回", "refused"),
    Stage.DECLINED: Text("不予受理", "not accepted"),
    Stage.WITHDRAWN: Text("已撤回", "withdrawn"),
    Stage.LAPSED: Text("逾期关闭", "closed, no answer in time"),
}
# What a correction may be asked for; the applicant sees the words.
CORRECTIONS: Mapping[str, Text] = {
    "basis": Text("名称依据", "ground for the name"),
    "traditional": Text("繁体写法", "traditional spelling"),
    "contact": Text("联系人与责任人", "contact and responsible person"),
    "documents": Text("证明材料", "documents"),
    "other": Text("其他事项", "something else"),
}
# What a document brought to an application may prove.
PURPOSES: Mapping[str, Text] = {
    "basis": Text("名称依据（批文、“三定”规定等）", "ground for the name (founding document)"),
    "identity": Text("法人登记证书或机构证明", "certificate of registration"),
    "authority": Text("授权书、责任人签署的文件", "authority given by the responsible person"),
    "other": Text("其他材料", "something else"),
}
CORRECTION_DAYS = 15  # working days for the applicant to answer; then the name is free for others
APPEAL_DAYS = 60  # calendar days after the decision (行政复议法, article 20)

_ALWAYS: Mapping[tuple[Stage, Move], Stage] = {
    **{(stage, Move.WITHDRAW): Stage.WITHDRAWN for stage in OPEN},
    **{(stage, Move.RETURN): Stage.RETURNED for stage in WAITING},
    (Stage.SUBMITTED, Move.DECLINE): Stage.DECLINED,
    (Stage.RETURNED, Move.ANSWER): Stage.SUBMITTED,
    (Stage.RETURNED, Move.LAPSE): Stage.LAPSED,
}
ONE_PERSON: Mapping[tuple[Stage, Move], Stage] = {
    (Stage.SUBMITTED, Move.APPROVE): Stage.APPROVED,
    (Stage.SUBMITTED, Move.REFUSE): Stage.REFUSED,
    **_ALWAYS,
}
TWO_PEOPLE: Mapping[tuple[Stage, Move], Stage] = {
    (Stage.SUBMITTED, Move.APPROVE): Stage.ENDORSED,
    (Stage.SUBMITTED, Move.REFUSE): Stage.OBJECTED,
    (Stage.ENDORSED, Move.APPROVE): Stage.APPROVED,
    (Stage.ENDORSED, Move.REFUSE): Stage.REFUSED,
    (Stage.OBJECTED, Move.REFUSE): Stage.REFUSED,
    (Stage.OBJECTED, Move.APPROVE): Stage.ENDORSED,
    **_ALWAYS,
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
