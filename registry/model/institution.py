"""Acts in the life of a 事业单位 (public institution): registration, change, cancellation, annual report. Their stages. Pure.

Source: 事业单位登记管理暂行条例 (State Council Order 252, 2004), articles 8 to 19. The table is the whole truth: what is not in it cannot happen.

A registration is drawn up (起草), filed, accepted (受理) or not (不予受理), and decided (准予, 不予登记). What is missing is asked for
before it is accepted (补正). Where two people decide, the first one's word is an opinion and another person decides. An annual report
is only received: one person looks whether it is whole.
"""

from collections.abc import Mapping
from enum import StrEnum

from registry.kernel.errors import Text
from registry.model.application import needs_two

INSTITUTION_KIND = "12"  # GB 32100: 事业单位; the others are registered elsewhere
MAX_REASON = 1000  # characters; a letter quotes it whole


class ActKind(StrEnum):
    """设立登记, 变更登记, 注销登记, 年度报告."""

    ESTABLISH = "establish"
    CHANGE = "change"
    CANCEL = "cancel"
    REPORT = "report"


class ActStage(StrEnum):
    """Where an act stands. ``draft`` and ``returned`` wait for who files it, ``filed`` to ``objected`` for reviewers."""

    DRAFT = "draft"
    FILED = "filed"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    ENDORSED = "endorsed"
    OBJECTED = "objected"
    REGISTERED = "registered"
    REFUSED = "refused"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"

    @property
    def is_waiting(self) -> bool:
        """Whether a reviewer has the next step."""
        return self in WAITING

    @property
    def is_open(self) -> bool:
        """Whether it was filed and is not settled."""
        return self in OPEN

    @property
    def is_editable(self) -> bool:
        """Whether its fields and documents may still be changed by who files it."""
        return self in EDITABLE


class ActMove(StrEnum):
    """What can be done with an act; ``LAPSE`` is what time does."""

    SUBMIT = "submit"
    ANSWER = "answer"
    ACCEPT = "accept"
    DECLINE = "decline"
    RETURN = "return"
    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"


WAITING = frozenset({ActStage.FILED, ActStage.ACCEPTED, ActStage.ENDORSED, ActStage.OBJECTED})
OPEN = WAITING | {ActStage.RETURNED}
EDITABLE = frozenset({ActStage.DRAFT, ActStage.RETURNED})
FINAL = frozenset(ActStage) - OPEN - {ActStage.DRAFT}
REVIEWERS_MOVES = frozenset({ActMove.ACCEPT, ActMove.DECLINE, ActMove.RETURN, ActMove.APPROVE, ActMove.REFUSE})

Table = Mapping[tuple[ActStage, ActMove], ActStage]
_FILING: Table = {
    (ActStage.DRAFT, ActMove.SUBMIT): ActStage.FILED,
    (ActStage.RETURNED, ActMove.ANSWER): ActStage.FILED,
    (ActStage.RETURNED, ActMove.LAPSE): ActStage.LAPSED,
    (ActStage.FILED, ActMove.RETURN): ActStage.RETURNED,
    (ActStage.FILED, ActMove.DECLINE): ActStage.DECLINED,
    **{(stage, ActMove.WITHDRAW): ActStage.WITHDRAWN for stage in OPEN | {ActStage.DRAFT}},
}
REPORT: Table = {**_FILING, (ActStage.FILED, ActMove.APPROVE): ActStage.REGISTERED}
ONE_PERSON: Table = {
    **_FILING,
    (ActStage.FILED, ActMove.ACCEPT): ActStage.ACCEPTED,
    (ActStage.ACCEPTED, ActMove.APPROVE): ActStage.REGISTERED,
    (ActStage.ACCEPTED, ActMove.REFUSE): ActStage.REFUSED,
}
TWO_PEOPLE: Table = {
    **_FILING,
    (ActStage.FILED, ActMove.ACCEPT): ActStage.ACCEPTED,
    (ActStage.ACCEPTED, ActMove.APPROVE): ActStage.ENDORSED,
    (ActStage.ACCEPTED, ActMove.REFUSE): ActStage.OBJECTED,
    (ActStage.ENDORSED, ActMove.APPROVE): ActStage.REGISTERED,
    (ActStage.ENDORSED, ActMove.REFUSE): ActStage.REFUSED,
    (ActStage.OBJECTED, ActMove.REFUSE): ActStage.REFUSED,
    (ActStage.OBJECTED, ActMove.APPROVE): ActStage.ENDORSED,
}


def table_of(kind: ActKind, level: str) -> Table:
    """The table that holds for an act of this kind about a body of this level."""
    if kind is ActKind.REPORT:
        return REPORT
    return TWO_PEOPLE if needs_two(level) else ONE_PERSON


def next_act_stage(kind: ActKind, level: str, stage: ActStage, move: ActMove) -> ActStage | None:
    """Where the move leads; None when it is not possible."""
    return table_of(kind, level).get((stage, move))


KIND_WORDS: Mapping[ActKind, Text] = {
    ActKind.ESTABLISH: Text("设立登记", "registration"),
    ActKind.CHANGE: Text("变更登记", "change of registration"),
    ActKind.CANCEL: Text("注销登记", "cancellation"),
    ActKind.REPORT: Text("年度报告", "annual report"),
}
STAGE_WORDS: Mapping[ActStage, Text] = {
    ActStage.DRAFT: Text("起草中", "draft"),
    ActStage.FILED: Text("待受理", "waiting to be accepted"),
    ActStage.RETURNED: Text("待补正", "returned for correction"),
    ActStage.ACCEPTED: Text("已受理，待审查", "accepted, waiting for review"),
    ActStage.ENDORSED: Text("拟准予登记，待核准", "endorsed, waiting for a second reviewer"),
    ActStage.OBJECTED: Text("拟不予登记，待核准", "objected to, waiting for a second reviewer"),
    ActStage.REGISTERED: Text("已登记", "registered"),
    ActStage.REFUSED: Text("不予登记", "refused"),
    ActStage.DECLINED: Text("不予受理", "not accepted"),
    ActStage.WITHDRAWN: Text("已撤回", "withdrawn"),
    ActStage.LAPSED: Text("逾期未补正，已关闭", "closed, not corrected in time"),
}
MOVE_WORDS: Mapping[ActMove, Text] = {
    ActMove.SUBMIT: Text("提交", "filed"),
    ActMove.ANSWER: Text("补正后提交", "corrected"),
    ActMove.ACCEPT: Text("受理", "accepted"),
    ActMove.DECLINE: Text("不予受理", "did not accept"),
    ActMove.RETURN: Text("要求补正", "asked for a correction"),
    ActMove.APPROVE: Text("同意", "approved"),
    ActMove.REFUSE: Text("不同意", "refused"),
    ActMove.WITHDRAW: Text("撤回", "withdrew"),
    ActMove.LAPSE: Text("逾期关闭", "closed, no answer in time"),
}


class ReportState(StrEnum):
    """How an institution stands with the report of one year."""

    NOT_OWED = "not_owed"  # not alive, not kept here, or founded later
    NOT_YET = "not_yet"  # the year is not over
    DUE = "due"
    RECEIVED = "received"
    PUBLISHED = "published"
    OVERDUE = "overdue"


REPORT_WORDS: Mapping[ReportState, Text] = {
    ReportState.NOT_OWED: Text("无须报送", "not owed"),
    ReportState.NOT_YET: Text("未到报送期", "not yet due"),
    ReportState.DUE: Text("应报未报", "due"),
    ReportState.RECEIVED: Text("已报，待审查", "received"),
    ReportState.PUBLISHED: Text("已报并公示", "published"),
    ReportState.OVERDUE: Text("逾期未报", "overdue"),
}
